using System.Collections.Concurrent;
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
    // Seconds to twelve hours, which a request may wait for a worker: the default buckets are shaped for milliseconds.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries =
        [
            1,
            2,
            5,
            10,
            20,
            30,
            60,
            120,
            180,
            300,
            600,
            900,
            1200,
            1800,
            2700,
            3600,
            5400,
            7200,
            14400,
            21600,
            43200,
        ],
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
    private readonly Counter<long> _sweeps;
    private readonly Counter<long> _systemErrors;
    private readonly ConcurrentDictionary<BakeId, DateTimeOffset> _running = [];

    public BakeMetrics(IMeterFactory factory, TimeProvider time)
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
        _sweeps = meter.CreateCounter<long>("bakeworker.sweep.runs", "{sweep}", "Sweeps, by whether they saw and removed all they should");
        _systemErrors = meter.CreateCounter<long>("cicd.system.errors", "{error}", "Troubles of the worker itself, by its part and code");
        meter.CreateObservableGauge(
            "bakeworker.run.oldest_active_age",
            () => _running.IsEmpty ? 0 : (time.GetUtcNow() - _running.Values.Min()).TotalSeconds,
            "s",
            "Age of the bake that this worker has been at work on for longest; 0 without any"
        );
        meter.CreateObservableUpDownCounter(
            "cicd.worker.count",
            () =>
                new Measurement<long>(
                    1,
                    new KeyValuePair<string, object?>(BakeTelemetry.WorkerState, _running.IsEmpty ? "available" : "busy")
                ),
            "{worker}",
            "Workers: this one, by whether it has bakes in work"
        );
        _refusals = meter.CreateCounter<long>("bakeworker.capacity.refusals", "{launch}", "Launches that a pool of capacity refused");
        _looks = meter.CreateCounter<long>("bakeworker.waiting.reads", "{read}", "Shared reads of what bakes wait for");
        _looked = meter.CreateCounter<long>("bakeworker.waiting.read_keys", "{resource}", "Resources that shared reads were made for");
        _events = meter.CreateCounter<long>("bakeworker.events", "{event}", "Events received, by whether a bake waited for what they name");
    }

    public void Waited(string recipe, TimeSpan inQueue) => _runDuration.Record(inQueue.TotalSeconds, Tags(recipe, "pending"));

    public void Started(Bake bake)
    {
        _running[bake.Id] = bake.BegunAt ?? bake.StartedAt;
        _active.Add(1, Tags(bake.Recipe.Name, "executing"));
    }

    /// <summary>It has come to an end one way or the other; what is left is to release what it launched.</summary>
    public void Finalizing(Bake bake)
    {
        _active.Add(-1, Tags(bake.Recipe.Name, "executing"));
        _active.Add(1, Tags(bake.Recipe.Name, "finalizing"));
    }

    /// <param name="finalizing">How long the release took; null when there was none.</param>
    public void Ended(Bake bake, TimeSpan executing, TimeSpan? finalizing, string result, string? errorType)
    {
        var recipe = bake.Recipe.Name;
        _running.TryRemove(bake.Id, out _);
        _active.Add(-1, Tags(recipe, finalizing is null ? "executing" : "finalizing"));
        if (errorType is not null)
        {
            _errors.Add(1, new TagList { { BakeTelemetry.PipelineName, recipe }, { BakeTelemetry.ErrorType, errorType } });
        }

        Record("executing", executing);
        if (finalizing is { } released)
        {
            Record("finalizing", released);
        }

        void Record(string state, TimeSpan took)
        {
            var tags = Tags(recipe, state);
            tags.Add(BakeTelemetry.Result, result);
            if (errorType is not null)
            {
                tags.Add(BakeTelemetry.ErrorType, errorType);
            }

            _runDuration.Record(took.TotalSeconds, tags);
        }
    }

    /// <summary>Something of the worker itself broke, whichever bakes there are.</summary>
    public void SystemFailed(string component, string errorType) =>
        _systemErrors.Add(1, new TagList { { BakeTelemetry.Component, component }, { BakeTelemetry.ErrorType, errorType } });

    public void SweepEnded(bool isComplete) =>
        _sweeps.Add(1, new KeyValuePair<string, object?>(BakeTelemetry.Result, isComplete ? "success" : "error"));

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

    private static readonly HashSet<string> Timeouts =
    [
        FailureCodes.StageTimedOut,
        FailureCodes.StepTimedOut,
        FailureCodes.ScanTimedOut,
        FailureCodes.DeadlinePassed,
        FailureCodes.AgentSilent,
    ];

    /// <summary>The conventions' word for a failure: a gate's no is <c>failure</c>, a broken system <c>error</c>, a limit that was reached <c>timeout</c>.</summary>
    public static string ResultOf(BakeFailedException failure) =>
        Timeouts.Contains(failure.Code)
            ? "timeout"
            : failure.Kind switch
            {
                FailureKind.Rejected or FailureKind.Invalid => "failure",
                FailureKind.Cancelled => "cancellation",
                _ => "error",
            };

    private static TagList Tags(string recipe, string state) =>
        new() { { BakeTelemetry.PipelineName, recipe }, { BakeTelemetry.RunState, state } };
}
