namespace BakeWorker.LocalCloud.Faults;

/// <summary>What a fault of the cloud's state may strike. <paramref name="Type"/> is <c>instance</c>, <c>image</c>, <c>snapshot</c>, <c>command</c>, <c>parameter</c> or <c>message</c>.</summary>
public sealed record FaultSubject(string Region, string Type, string Name)
{
    /// <summary>The pool of a launch or instance.</summary>
    public PoolOf? Pool { get; init; }
}

/// <summary>A pool of capacity as one launch has it.</summary>
public sealed record PoolOf(string InstanceType, string Subnet, bool IsSpot);

/// <summary>How a fault of the cloud's state strikes; what does not belong to its kind stays empty.</summary>
public sealed record StateFault
{
    /// <summary>An error or state reason code.</summary>
    public string Code { get; init; } = "";
    public string Message { get; init; } = "Made to fail.";

    /// <summary>When it begins, counted from the moment at which it could.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long it lasts.</summary>
    public TimeSpan For { get; init; }
}
