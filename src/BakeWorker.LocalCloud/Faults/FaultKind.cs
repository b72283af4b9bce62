namespace BakeWorker.LocalCloud.Faults;

/// <summary>Everything that can be made to go wrong.</summary>
public enum FaultKind
{
    // Calls
    Throttled,
    InternalError,
    Unavailable,
    Dropped,
    Slow,

    /// <summary>A read that repeats what the same read answered a moment ago.</summary>
    StaleRead,

    // EC2
    /// <summary>Something just made is not shown yet: an instance, image, snapshot, command or parameter.</summary>
    Hidden,
    CapacityRefused,

    /// <summary>A launch that EC2 took, and that dies while it is pending.</summary>
    LaunchDied,
    SpotInterrupted,
    ImageFailed,
    ImageStuck,

    // SSM
    /// <summary>The agent is out of reach for a while.</summary>
    AgentLost,

    /// <summary>A command that never reaches its guest: DeliveryTimedOut.</summary>
    CommandLost,

    /// <summary>A command that runs to its end, of which SSM never hears: DeliveryTimedOut too.</summary>
    CommandUnreported,

    /// <summary>A parameter write of data type <c>aws:ec2:image</c> that is answered and then comes to nothing.</summary>
    ParameterWriteLost,

    // SQS, standard queues only
    MessageDuplicated,
    MessageReordered,
    VisibilityExpiredEarly,

    /// <summary>A deleted message of which one server kept its copy.</summary>
    DeletedMessageReturned,
}

/// <summary>Whether a fault strikes before the call has its effect, or after it.</summary>
public enum Moment
{
    BeforeEffect,
    AfterEffect,
}

/// <summary>A fault that was put on something. <paramref name="Subject"/> says on what: <c>ec2:RunInstances after its effect</c>, an instance id.</summary>
public sealed record InjectedFault(DateTimeOffset At, FaultKind Kind, string Region, string Subject);
