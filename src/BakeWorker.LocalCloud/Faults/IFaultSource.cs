namespace BakeWorker.LocalCloud.Faults;

/// <summary>Decides what goes wrong: by plan or by seed. Asked under a lock, in the order in which things happen.</summary>
public interface IFaultSource
{
    /// <summary>The fault of this call; null when it goes well.</summary>
    CallFault? FindFault(Operation operation);
}
