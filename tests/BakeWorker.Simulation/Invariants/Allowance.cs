using System.Globalization;

namespace BakeWorker.Simulation.Invariants;

/// <summary>What AWS lets one process call, counted on its wire by an account of our own: the process must never have to be told to slow down.</summary>
internal sealed class Allowance(
    TimeProvider time,
    IReadOnlyDictionary<string, (double Size, double PerSecond)> buckets,
    Action<string> refuse
)
{
    private const double Rounding = 1e-6;
    private readonly Dictionary<(string Host, string Bucket), (double Tokens, DateTimeOffset At)> _left = [];

    public void Spend(string host, string action)
    {
        if (BucketOf(host, action) is not { } bucket)
        {
            return;
        }

        // Inspector counts each operation by itself.
        var ((size, perSecond), key, now) = (buckets[bucket], (host, bucket == "Inspector" ? action : bucket), time.GetUtcNow());
        var (tokens, at) = _left.GetValueOrDefault(key, (size, now));
        tokens = Math.Min(size, tokens + ((now - at).TotalSeconds * perSecond)) - 1;
        _left[key] = (tokens, now);
        if (tokens < -Rounding)
        {
            refuse($"{action} to {host} was called more often than the budget {bucket} of {size} and {perSecond} a second allows");
        }
    }

    private static string? BucketOf(string host, string action) =>
        host.Split('.')[0] switch
        {
            "inspector2" => "Inspector",
            "ec2" => action switch
            {
                "RunInstances" or "TerminateInstances" or "CopyImage" or "CreateTags" => action,
                "DeregisterImage" or "DeleteSnapshot" or "ModifyImageAttribute" => "ImageChanges",
                _ => action.StartsWith("Describe", StringComparison.Ordinal) || action.StartsWith("Get", StringComparison.Ordinal)
                    ? "Ec2Reads"
                    : "Ec2Writes",
            },
            _ => null,
        };
}

/// <summary>The allowances of all processes: the figures that EC2 publishes for an account, or smaller ones of the seed.</summary>
internal sealed class Allowances(TimeProvider time, IEnumerable<string> smaller, Action<string> refuse)
{
    private readonly Dictionary<string, (double Size, double PerSecond)> _buckets = Read([
        "Ec2Reads=100/20",
        "Ec2Writes=50/5",
        "RunInstances=5/2",
        "TerminateInstances=100/5",
        "CopyImage=100/1",
        "ImageChanges=100/5",
        "CreateTags=100/10",
        "Inspector=10/1",
        .. smaller,
    ]);

    public Allowance Of(string process) => new(time, _buckets, what => refuse($"{process}: {what}"));

    private static Dictionary<string, (double Size, double PerSecond)> Read(IEnumerable<string> budgets)
    {
        var read = new Dictionary<string, (double Size, double PerSecond)>();
        foreach (var parts in budgets.Select(budget => budget.Split('=', '/')))
        {
            read[parts[0]] = (double.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture));
        }

        return read;
    }
}
