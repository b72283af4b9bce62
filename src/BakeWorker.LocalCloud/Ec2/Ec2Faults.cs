using System.IO.Enumeration;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>A pool of capacity, by pattern (<c>*</c> and <c>?</c>); the default is every pool.</summary>
public sealed record Pool(string InstanceType = "*", string Subnet = "*", bool? Spot = null)
{
    internal bool Has(string instanceType, string subnet, bool spot) =>
        Matches(InstanceType, instanceType) && Matches(Subnet, subnet) && (Spot is null || Spot == spot);

    internal static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false);
}

/// <summary>Misbehaviour that tests ask for. Each plan holds for a number of times, the first one that fits is taken.</summary>
public sealed class Ec2Faults
{
    private readonly Lock _lock = new();
    private readonly List<Plan> _plans = [];

    /// <summary>How long new instances and images stay unknown to describes, as EC2's eventual consistency has it.</summary>
    public TimeSpan VisibleAfter { get; set; }

    /// <summary>RunInstances is refused with an EC2 error code, such as InsufficientInstanceCapacity.</summary>
    public void RefuseLaunches(string code, string message = "Refused by plan.", Pool? pool = null, int times = int.MaxValue) =>
        Add(new(Moment.Launch, code, message, pool ?? new(), "*", times));

    /// <summary>A launch succeeds and dies while it is pending, with this StateReason, such as Server.InsufficientInstanceCapacity.</summary>
    public void KillLaunches(string code, string message = "Killed by plan.", Pool? pool = null, int times = int.MaxValue) =>
        Add(new(Moment.Pending, code, message, pool ?? new(), "*", times));

    /// <summary>An image, created or copied, goes to <c>failed</c> instead of <c>available</c>. The patterns are for its name and Region.</summary>
    public void FailImages(
        string code = "Server.InternalError",
        string message = "Failed by plan.",
        string name = "*",
        int times = 1,
        string region = "*"
    ) => Add(new(Moment.Image, code, message, new(), $"{region}/{name}", times));

    internal CloudException? RefusalOf(string instanceType, string subnet, bool spot) =>
        Take(plan => plan.Moment == Moment.Launch && plan.Pool.Has(instanceType, subnet, spot)) is { } plan
            ? Ec2Errors.Refusal(plan.Code, plan.Message)
            : null;

    internal StateReason? DeathOf(string instanceType, string subnet, bool spot) =>
        Reason(Take(plan => plan.Moment == Moment.Pending && plan.Pool.Has(instanceType, subnet, spot)));

    internal StateReason? FailureOf(string region, string imageName) =>
        Reason(Take(plan => plan.Moment == Moment.Image && Pool.Matches(plan.Name, $"{region}/{imageName}")));

    private static StateReason? Reason(Plan? plan) => plan is null ? null : StateReason.Of(plan.Code, plan.Message);

    private void Add(Plan plan)
    {
        lock (_lock)
        {
            _plans.Add(plan);
        }
    }

    private Plan? Take(Predicate<Plan> fits)
    {
        lock (_lock)
        {
            var plan = _plans.Find(plan => plan.Remaining > 0 && fits(plan));
            if (plan is not null)
            {
                plan.Remaining--;
            }

            return plan;
        }
    }

    private enum Moment
    {
        Launch,
        Pending,
        Image,
    }

    private sealed record Plan(Moment Moment, string Code, string Message, Pool Pool, string Name, int Times)
    {
        public int Remaining { get; set; } = Times;
    }
}
