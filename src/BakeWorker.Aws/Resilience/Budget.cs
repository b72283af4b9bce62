using System.Collections.Concurrent;

namespace BakeWorker.Aws.Resilience;

/// <summary>
/// The calls that one service of one Region lets this worker make, shared by all its bakes. Figures are the account's defaults as EC2
/// publishes them; Inspector publishes none, one call a second of each kind is prudent. What has no figure has no budget.
/// </summary>
internal sealed class Budget(string service, AwsOptions options, TimeProvider time)
{
    // EC2 counts instances of RunInstances and TerminateInstances in second buckets, which one instance a call never reaches before the first.
    private static readonly BucketSize[] Published =
    [
        new("Ec2Reads", 100, 20),
        new("Ec2Writes", 50, 5),
        new("RunInstances", 5, 2),
        new("TerminateInstances", 100, 5),
        new("CopyImage", 100, 1),
        new("ImageChanges", 100, 5),
        new("CreateTags", 100, 10),
        new("Inspector", 10, 1),
    ];

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new();

    public static IReadOnlyList<string> Names { get; } = [.. Published.Select(size => size.Name)];

    /// <summary>The bucket that a call draws from; null when nothing limits it.</summary>
    public TokenBucket? Find(string method) =>
        options.BudgetShare > 0 && BucketOf(method) is { } bucket
            ? _buckets.GetOrAdd(service == "Inspector2" ? method : bucket, _ => new TokenBucket(SizeOf(bucket), time))
            : null;

    private string? BucketOf(string method) =>
        (service, method) switch
        {
            ("Inspector2", _) => "Inspector",
            ("EC2", "RunInstances" or "TerminateInstances" or "CopyImage" or "CreateTags") => method,
            (
                "EC2",
                "DeregisterImage"
                    or "ModifyImageAttribute"
                    or "ModifySnapshotAttribute"
                    or "CreateSnapshot"
                    or "DeleteSnapshot"
                    or "CreateLaunchTemplateVersion"
            ) => "ImageChanges",
            ("EC2", _) => method.StartsWith("Describe", StringComparison.Ordinal) || method.StartsWith("Get", StringComparison.Ordinal)
                ? "Ec2Reads"
                : "Ec2Writes",
            _ => null,
        };

    private BucketSize SizeOf(string bucket) =>
        options.Budgets.Select(BucketSize.Parse).LastOrDefault(size => size?.Name == bucket)
        ?? Published.Single(size => size.Name == bucket).Times(options.BudgetShare);
}
