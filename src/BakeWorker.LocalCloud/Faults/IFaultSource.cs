namespace BakeWorker.LocalCloud.Faults;

/// <summary>Decides what goes wrong: by plan or by seed. Asked in the order in which things happen.</summary>
public interface IFaultSource
{
    /// <summary>Whether reads may ever be stale: only then is it worth while to remember them.</summary>
    bool HasStaleReads { get; }

    /// <summary>The fault of this call; null when it goes well.</summary>
    CallFault? FindFault(Operation operation);

    /// <summary>How a fault of this kind strikes this; null when it does not.</summary>
    StateFault? FindFault(FaultKind kind, FaultSubject subject);
}
