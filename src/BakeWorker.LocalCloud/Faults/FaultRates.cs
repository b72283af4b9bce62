namespace BakeWorker.LocalCloud.Faults;

/// <summary>How often each kind of fault strikes, as a share of the calls or things it can strike: 0 never, 1 always.</summary>
public sealed record FaultRates
{
    /// <summary>Everything at once, as often as a bad day has it.</summary>
    public static FaultRates BadDay { get; } =
        new()
        {
            Throttled = 0.02,
            InternalError = 0.005,
            InternalErrorAfterEffect = 0.005,
            Unavailable = 0.005,
            Dropped = 0.005,
            DroppedAfterEffect = 0.01,
            Slow = 0.01,
            SlowAfterEffect = 0.01,
        };

    public double Throttled { get; init; }
    public double InternalError { get; init; }
    public double InternalErrorAfterEffect { get; init; }
    public double Unavailable { get; init; }
    public double Dropped { get; init; }
    public double DroppedAfterEffect { get; init; }
    public double Slow { get; init; }
    public double SlowAfterEffect { get; init; }

    /// <summary>The longest that a slow answer takes; each takes some share of it.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromSeconds(45);
}
