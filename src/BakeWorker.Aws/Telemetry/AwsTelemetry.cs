using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BakeWorker.Aws.Telemetry;

/// <summary>Spans and metrics of the worker's AWS calls: activity source and meter <c>BakeWorker.Aws</c>.</summary>
public static class AwsTelemetry
{
    public const string Name = "BakeWorker.Aws";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly AsyncLocal<bool> Quiet = new();

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "bakeworker.aws.call.duration",
        "s",
        "Time of an AWS call, its repetitions included",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] }
    );

    private static readonly Counter<long> Throttles = Meter.CreateCounter<long>(
        "bakeworker.aws.throttles",
        "{call}",
        "Tries of AWS calls that were throttled"
    );

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "bakeworker.aws.retries",
        "{call}",
        "Tries of AWS calls beyond the first"
    );

    private static readonly Histogram<double> BudgetWait = Meter.CreateHistogram(
        "bakeworker.aws.budget.wait",
        "s",
        "Time a try of a call waited for its budget",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600] }
    );

    private static readonly Gauge<double> BudgetLevel = Meter.CreateGauge<double>(
        "bakeworker.aws.budget.level",
        "{call}",
        "Calls that could be made at once"
    );

    private static readonly Gauge<double> BudgetRate = Meter.CreateGauge<double>(
        "bakeworker.aws.budget.rate",
        "{call}/s",
        "Calls that become possible each second; less than the setting after throttles"
    );

    private static readonly Gauge<int> BreakerOpen = Meter.CreateGauge<int>(
        "bakeworker.aws.breaker.open",
        "1",
        "1 while a service counts as dead and is not asked"
    );

    internal static bool IsQuiet => Quiet.Value;

    /// <summary>No spans until disposed: shared polls and idle receives belong to no bake and would drown what does.</summary>
    internal static QuietScope BeQuiet()
    {
        var before = Quiet.Value;
        Quiet.Value = true;
        return new QuietScope(before);
    }

    internal static void Called(string service, string method, TimeSpan time, string? errorType)
    {
        var tags = new TagList { { "rpc.service", service }, { "rpc.method", method } };
        if (errorType is not null)
        {
            tags.Add("error.type", errorType);
        }

        Duration.Record(time.TotalSeconds, tags);
    }

    internal static void Throttled(string service, string method) => Throttles.Add(1, Tag(service, method));

    internal static void Retried(string service, string method) => Retries.Add(1, Tag(service, method));

    internal static void Budgeted(string region, string bucket, TimeSpan waited, double tokens, double perSecond)
    {
        var tags = new TagList { { "cloud.region", region }, { "bakeworker.bucket", bucket } };
        BudgetWait.Record(waited.TotalSeconds, tags);
        BudgetLevel.Record(tokens, tags);
        BudgetRate.Record(perSecond, tags);
    }

    internal static void Broke(string service, string region, bool isOpen) =>
        BreakerOpen.Record(isOpen ? 1 : 0, new TagList { { "rpc.service", service }, { "cloud.region", region } });

    private static TagList Tag(string service, string method) => new() { { "rpc.service", service }, { "rpc.method", method } };

    internal readonly struct QuietScope(bool before) : IDisposable
    {
        public void Dispose() => Quiet.Value = before;
    }
}
