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
}

/// <summary>Whether a fault strikes before the call has its effect, or after it.</summary>
public enum Moment
{
    BeforeEffect,
    AfterEffect,
}

/// <summary>A fault that was put on something. <paramref name="Subject"/> says on what: <c>ec2:RunInstances after its effect</c>, an instance id.</summary>
public sealed record InjectedFault(DateTimeOffset At, FaultKind Kind, string Region, string Subject);
