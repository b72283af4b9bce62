namespace BakeWorker.LocalCloud.Faults;

/// <summary>
/// Faults that somebody asked for, one rule at a time; of the rules that fit, the first one that still has to strike is taken. Patterns take
/// <c>*</c> and <c>?</c>.
/// </summary>
public sealed class FaultPlan : IFaultSource
{
    private readonly Lock _gate = new();
    private readonly List<CallRule> _calls = [];
    private readonly List<StateRule> _states = [];

    /// <summary>What the cloud's clock shows beyond the true time. Change it before anything is made: a clock that jumps is another fault.</summary>
    public TimeSpan ClockSkew { get; set; }

    bool IFaultSource.HasStaleReads
    {
        get
        {
            lock (_gate)
            {
                return _calls.Exists(rule => rule.IsStale);
            }
        }
    }

    /// <summary>A rule for calls by service (<c>ec2</c>, <c>ssm</c>, <c>sqs</c>, <c>inspector2</c>, <c>sts</c>) and action.</summary>
    public CallRule Calls(string service = "*", string action = "*")
    {
        var rule = new CallRule(service, action);
        lock (_gate)
        {
            _calls.Add(rule);
        }

        return rule;
    }

    /// <summary>New things of a type (see <see cref="FaultSubject"/>) are not shown for this long.</summary>
    public void HideNew(TimeSpan time, string type = "*", int times = int.MaxValue) =>
        Add(FaultKind.Hidden, subject => Pool.Matches(type, subject.Type), new() { For = time }, times);

    /// <summary>RunInstances is refused with an EC2 error code, such as InsufficientInstanceCapacity.</summary>
    public void RefuseLaunches(string code, string message = "Refused by plan.", Pool? pool = null, int times = int.MaxValue) =>
        Add(FaultKind.CapacityRefused, In(pool), new() { Code = code, Message = message }, times);

    /// <summary>A launch succeeds and dies while it is pending, with this StateReason, such as Server.InsufficientInstanceCapacity.</summary>
    public void KillLaunches(string code, string message = "Killed by plan.", Pool? pool = null, int times = int.MaxValue) =>
        Add(FaultKind.LaunchDied, In(pool), new() { Code = code, Message = message }, times);

    /// <summary>EC2 takes spot instances back this long after they began to run.</summary>
    public void InterruptSpot(TimeSpan after, Pool? pool = null, int times = int.MaxValue) =>
        Add(FaultKind.SpotInterrupted, In(pool), new() { After = after }, times);

    /// <summary>An image, created or copied, goes to <c>failed</c> instead of <c>available</c>.</summary>
    public void FailImages(
        string code = "Server.InternalError",
        string message = "Failed by plan.",
        string name = "*",
        int times = 1,
        string region = "*"
    ) => Add(FaultKind.ImageFailed, Named(name, region), new() { Code = code, Message = message }, times);

    /// <summary>The snapshots of an image, created or copied, take this much longer.</summary>
    public void StickImages(TimeSpan longer, string name = "*", int times = 1, string region = "*") =>
        Add(FaultKind.ImageStuck, Named(name, region), new() { For = longer }, times);

    /// <summary>The agent of an instance goes out of reach this long after a boot, for this long.</summary>
    public void LoseAgents(TimeSpan after, TimeSpan time, int times = 1) =>
        Add(FaultKind.AgentLost, _ => true, new() { After = after, For = time }, times);

    /// <summary>Commands, by comment, never reach their guest.</summary>
    public void LoseCommands(string comment = "*", int times = 1) => Add(FaultKind.CommandLost, Named(comment), new(), times);

    /// <summary>Commands, by comment, run in their guest without SSM ever hearing of it.</summary>
    public void LoseReports(string comment = "*", int times = 1) => Add(FaultKind.CommandUnreported, Named(comment), new(), times);

    /// <summary>Writes of image parameters, by name, that are answered with success and then come to nothing.</summary>
    public void LoseParameterWrites(string name = "*", int times = 1, string region = "*") =>
        Add(FaultKind.ParameterWriteLost, Named(name, region), new(), times);

    /// <summary>A message is given out twice. The pattern is for the queue's name.</summary>
    public void DuplicateMessages(string queue = "*", int times = 1) => Add(FaultKind.MessageDuplicated, Named(queue), new(), times);

    /// <summary>The message whose turn it is waits until all others were given out.</summary>
    public void ReorderMessages(string queue = "*", int times = 1) => Add(FaultKind.MessageReordered, Named(queue), new(), times);

    /// <summary>A message is visible again this long after its receive, whatever its receiver was promised.</summary>
    public void ExpireVisibility(TimeSpan after, string queue = "*", int times = 1) =>
        Add(FaultKind.VisibilityExpiredEarly, Named(queue), new() { After = after }, times);

    /// <summary>A deleted message comes back when its visibility ends.</summary>
    public void ReturnDeletedMessages(string queue = "*", int times = 1) =>
        Add(FaultKind.DeletedMessageReturned, Named(queue), new(), times);

    CallFault? IFaultSource.FindFault(Operation operation)
    {
        lock (_gate)
        {
            // Every rule counts every call that fits it, whichever of them strikes.
            return _calls.Where(rule => rule.IsHit(operation)).ToList().FirstOrDefault()?.Take();
        }
    }

    StateFault? IFaultSource.FindFault(FaultKind kind, FaultSubject subject)
    {
        lock (_gate)
        {
            return _states.Select(rule => rule.Take(kind, subject)).FirstOrDefault(fault => fault is not null);
        }
    }

    private static Predicate<FaultSubject> In(Pool? pool) => subject => (pool ?? new()).Has(subject.Pool);

    private static Predicate<FaultSubject> Named(string name, string region = "*") =>
        subject => Pool.Matches(name, subject.Name) && Pool.Matches(region, subject.Region);

    private void Add(FaultKind kind, Predicate<FaultSubject> concerns, StateFault fault, int times)
    {
        lock (_gate)
        {
            _states.Add(new StateRule(kind, concerns, fault, times));
        }
    }
}
