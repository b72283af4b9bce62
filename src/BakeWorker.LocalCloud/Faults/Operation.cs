namespace BakeWorker.LocalCloud.Faults;

/// <summary>One call as it enters the cloud. <paramref name="Number"/> counts all calls from 1; one that a client repeats counts again.</summary>
public sealed record Operation(long Number, DateTimeOffset At, string Service, string Region, string Action)
{
    /// <summary>The access key that signed: tells a worker from a test that looks on.</summary>
    public string Caller { get; init; } = "";
}

/// <summary>How a call went inside the cloud, whatever its caller got to see of it.</summary>
public sealed record OperationEnd
{
    /// <summary>False when a fault kept the call from reaching its service.</summary>
    public required bool WasReached { get; init; }

    /// <summary>The error the service itself answered with; null when it carried the call out.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The fault that was put on this call, if one was.</summary>
    public CallFault? Fault { get; init; }
}

/// <summary>Sees every call before it reaches its service, and its end as soon as it has its effect: for invariants that must always hold.</summary>
public interface IOperationObserver
{
    void Before(Operation operation);

    void After(Operation operation, OperationEnd end);
}
