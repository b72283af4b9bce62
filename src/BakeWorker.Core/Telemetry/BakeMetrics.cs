using System.Diagnostics;
using System.Diagnostics.Metrics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Sweeping;

namespace BakeWorker.Core.Telemetry;

/// <summary>The worker's metrics. Attributes are recipe, stage and result only: never an id, so that their number stays bounded.</summary>
public sealed class BakeMetrics
{
    // Seconds to four hours: the default buckets are shaped for milliseconds.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 14400],
    };

    private readonly Histogram<double> _runDuration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _stageDuration;
    private readonly Counter<long> _swept;
    private readonly Counter<long> _retired;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _looks;
    private readonly Counter<long> _looked;
    private readonly Counter<long> _events;

    public BakeMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(BakeTelemetry.SourceName);
        _runDuration = meter.CreateHistogram("cicd.pipeline.run.duration", "s", "Time a bake spent in a state", [], Durations);
        _active = meter.CreateUpDownCounter<long>("cicd.pipeline.run.active", "{run}", "Bakes in a state");
        _errors = meter.CreateCounter<long>("cicd.pipeline.run.errors", "{error}", "Failures by code");
        _stageDuration = meter.CreateHistogram("bakeworker.stage.duration", "s", "Time a stage took", [], Durations);
        _swept = meter.CreateCounter<long>(
            "bakeworker.sweep.removed",
            "{resource}",
            "What the sweep removed because nobody owned it any more"
        );
        _retired = meter.CreateCounter<long>("bakeworker.retired", "{image}", "Images that retirement took a step further, by step");
        _refusals = meter.CreateCounter<long>("bakeworker.capacity.refusals", "{launch}", "Launches that a pool of capacity refused");
        _looks = meter.CreateCounter<long>("bakeworker.waiting.reads", "{read}", "Shared reads of what bakes wait for");
        _looked = meter.CreateCounter<long>("bakeworker.waiting.read_keys", "{resource}", "Resources that shared reads were made for");
        _events = meter.CreateCounter<long>("bakeworker.events", "{event}", "Events received, by whether a bake waited for what they name");
    }

    public void Waited(string recipe, TimeSpan inQueue) => _runDuration.Record(inQueue.TotalSeconds, Tags(recipe, "pending"));

    public void Started(string recipe) => _active.Add(1, Tags(recipe, "executing"));

    public void Ended(string recipe, TimeSpan took, string result, string? errorType)
    {
        _active.Add(-1, Tags(recipe, "executing"));
        var tags = Tags(recipe, "executing");
        tags.Add(BakeTelemetry.Result, result);
        if (errorType is not null)
        {
            tags.Add(BakeTelemetry.ErrorType, errorType);
            _errors.Add(1, new TagList { { BakeTelemetry.PipelineName, recipe }, { BakeTelemetry.ErrorType, errorType } });
        }

        _runDuration.Record(took.TotalSeconds, tags);
    }

    public void Stage(string recipe, string stage, TimeSpan took, string result) =>
        _stageDuration.Record(
            took.TotalSeconds,
            new TagList
            {
                { BakeTelemetry.PipelineName, recipe },
                { BakeTelemetry.Stage, stage },
                { BakeTelemetry.TaskResult, result },
            }
        );

    public void Swept(SweptKind kind, string region) =>
        _swept.Add(1, new TagList { { "bakeworker.resource", kind.ToString().ToLowerInvariant() }, { "cloud.region", region } });

    public void Retired(string action, string region) =>
        _retired.Add(1, new TagList { { "bakeworker.action", action }, { "cloud.region", region } });

    public void Looked(string kind, int keys)
    {
        _looks.Add(1, new KeyValuePair<string, object?>("bakeworker.kind", kind));
        _looked.Add(keys, new KeyValuePair<string, object?>("bakeworker.kind", kind));
    }

    public void Heard(string result) => _events.Add(1, new KeyValuePair<string, object?>(BakeTelemetry.Result, result));

    /// <summary>By the pool's type and market, and the refusal's code: the account's own few, not anybody's input.</summary>
    public void Refused(Rung rung, string code) =>
        _refusals.Add(
            1,
            new TagList
            {
                { "host.type", rung.InstanceType },
                { "bakeworker.market", rung.Market == Market.Spot ? "spot" : "on-demand" },
                { BakeTelemetry.ErrorType, code },
            }
        );

    /// <summary>The conventions' word for a failure: a gate's no is <c>failure</c>, a broken system <c>error</c>.</summary>
    public static string ResultOf(FailureKind kind) =>
        kind switch
        {
            FailureKind.Rejected or FailureKind.Invalid => "failure",
            FailureKind.Cancelled => "cancellation",
            _ => "error",
        };

    private static TagList Tags(string recipe, string state) =>
        new() { { BakeTelemetry.PipelineName, recipe }, { BakeTelemetry.RunState, state } };
}
