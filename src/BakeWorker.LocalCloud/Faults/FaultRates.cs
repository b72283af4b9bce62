namespace BakeWorker.LocalCloud.Faults;

/// <summary>How often each kind of fault strikes, as a share of the calls or things it can strike: 0 never, 1 always.</summary>
public sealed record FaultRates
{
    /// <summary>Calls alone go wrong, as often as a bad day has it.</summary>
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

    /// <summary>Everything goes wrong at once: calls, and what the cloud holds.</summary>
    public static FaultRates WorstDay { get; } =
        BadDay with
        {
            StaleRead = 0.05,
            Hidden = 0.5,
            CapacityRefused = 0.1,
            LaunchDied = 0.05,
            SpotInterrupted = 0.1,
            ImageFailed = 0.03,
            ImageStuck = 0.05,
            AgentLost = 0.05,
            CommandLost = 0.01,
            CommandUnreported = 0.02,
            MessageDuplicated = 0.05,
            MessageReordered = 0.1,
            VisibilityExpiredEarly = 0.03,
            DeletedMessageReturned = 0.03,
            ClockSkew = TimeSpan.FromSeconds(90),
        };

    // Calls
    public double Throttled { get; init; }
    public double InternalError { get; init; }
    public double InternalErrorAfterEffect { get; init; }
    public double Unavailable { get; init; }
    public double Dropped { get; init; }
    public double DroppedAfterEffect { get; init; }
    public double Slow { get; init; }
    public double SlowAfterEffect { get; init; }
    public double StaleRead { get; init; }

    // What the cloud holds
    public double Hidden { get; init; }
    public double CapacityRefused { get; init; }
    public double LaunchDied { get; init; }
    public double SpotInterrupted { get; init; }
    public double ImageFailed { get; init; }
    public double ImageStuck { get; init; }
    public double AgentLost { get; init; }
    public double CommandLost { get; init; }
    public double CommandUnreported { get; init; }
    public double ParameterWriteLost { get; init; }
    public double MessageDuplicated { get; init; }
    public double MessageReordered { get; init; }
    public double VisibilityExpiredEarly { get; init; }
    public double DeletedMessageReturned { get; init; }

    /// <summary>The cloud's clock is off by up to this much, to either side, from the first moment on.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>The longest that a slow answer takes; each takes some share of it.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The longest that a new thing stays hidden, or that a read lags.</summary>
    public TimeSpan LongestLag { get; init; } = TimeSpan.FromSeconds(20);

    internal double Of(FaultKind kind) =>
        kind switch
        {
            FaultKind.Hidden => Hidden,
            FaultKind.CapacityRefused => CapacityRefused,
            FaultKind.LaunchDied => LaunchDied,
            FaultKind.SpotInterrupted => SpotInterrupted,
            FaultKind.ImageFailed => ImageFailed,
            FaultKind.ImageStuck => ImageStuck,
            FaultKind.AgentLost => AgentLost,
            FaultKind.CommandLost => CommandLost,
            FaultKind.CommandUnreported => CommandUnreported,
            FaultKind.ParameterWriteLost => ParameterWriteLost,
            FaultKind.MessageDuplicated => MessageDuplicated,
            FaultKind.MessageReordered => MessageReordered,
            FaultKind.VisibilityExpiredEarly => VisibilityExpiredEarly,
            FaultKind.DeletedMessageReturned => DeletedMessageReturned,
            _ => 0,
        };
}
