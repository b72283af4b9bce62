using System.ComponentModel.DataAnnotations;
using BakeWorker.Aws.Resilience;

namespace BakeWorker.Aws;

/// <summary>Where and how the worker talks to AWS. What is null here comes from the AWS SDK's own environment and profiles.</summary>
public sealed class AwsOptions
{
    /// <summary>The Region bakes are built in; null for <c>AWS_REGION</c>, the profile's Region or the instance's own.</summary>
    public string? Region { get; set; }

    /// <summary>Profile of the shared AWS configuration; null for <c>AWS_PROFILE</c> and the SDK's default chain.</summary>
    public string? Profile { get; set; }

    /// <summary>One address for every service, such as a LocalCloud's; wins over <c>AWS_ENDPOINT_URL</c>.</summary>
    [Url]
    public string? ServiceUrl { get; set; }

    /// <summary>Name or ARN of the instance profile of builders and testers, where a launch names none.</summary>
    public string? InstanceProfile { get; set; }

    /// <summary>Name or URL of the request queue.</summary>
    public string? Queue { get; set; }

    /// <summary>Name or URL of a queue for the requests of schedules and of the night, behind those of the request queue; null for one queue.</summary>
    public string? NightlyQueue { get; set; }

    /// <summary>Name or URL of the queue every result goes to; null for none.</summary>
    public string? ResultsQueue { get; set; }

    /// <summary>Name or URL of the dead-letter queue; null for the one in the request queue's redrive policy.</summary>
    public string? DeadLetterQueue { get; set; }

    /// <summary>Name or URL of a queue to which EventBridge delivers events of EC2, SSM and Inspector; null for none.</summary>
    public string? EventsQueue { get; set; }

    /// <summary>How long one receive waits for a message: 0 to 20 seconds (SQS ReceiveMessage WaitTimeSeconds).</summary>
    [Seconds(0, 20)]
    public TimeSpan ReceiveWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long SSM may take to reach a guest, 30 seconds to 2 days (SendCommand TimeoutSeconds); the script's own time counts from there.</summary>
    [Seconds(30, 172_800)]
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Limit of one try of one call; a receive gets its waiting time on top.</summary>
    [Seconds(1, 600)]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further tries of a call that was throttled or broke on the way.</summary>
    [Range(0, 20)]
    public int CallRetries { get; set; } = 8;

    /// <summary>
    /// Part of the account's published request rates that this worker may use, per Region: a half where two workers share them, more than 1 where
    /// AWS raised them all, 0 for no budget.
    /// </summary>
    [Range(0.0, 1_000.0)]
    public double BudgetShare { get; set; } = 1;

    /// <summary>Rates of single buckets where the account's differ, each <c>NAME=SIZE/PER_SECOND</c> such as <c>RunInstances=10/4</c>.</summary>
    [Buckets]
    public IList<string> Budgets { get; set; } = [];

    public OnDemandScanPaths ScanPaths { get; set; } = new();
}

/// <summary>
/// HTTP paths of Inspector's on-demand image scans. They follow the pattern of the service's other operations but could not be read
/// in a published model, so they can be corrected here.
/// </summary>
public sealed class OnDemandScanPaths
{
    public string Start { get; set; } = "/ondemandscan/start";
    public string Status { get; set; } = "/ondemandscan/status/get";
    public string List { get; set; } = "/ondemandscan/list";
}

/// <summary>Limits of a time span, in seconds, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecondsAttribute(double minimum, double maximum) : ValidationAttribute
{
    public override bool IsValid(object? value) => value is TimeSpan span && span.TotalSeconds >= minimum && span.TotalSeconds <= maximum;

    public override string FormatErrorMessage(string name) => $"{name} must be {minimum:0} to {maximum:0} seconds.";
}

/// <summary>Names of known buckets with a size and a rate.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BucketsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is IEnumerable<string> texts && texts.All(text => BucketSize.Parse(text) is { } size && Budget.Names.Contains(size.Name));

    public override string FormatErrorMessage(string name) =>
        $"{name} must be entries such as RunInstances=10/4 (size, then calls a second) of these buckets: {string.Join(", ", Budget.Names)}.";
}
