using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>Gives every stage its span, budget, log lines and failure translation, in one place.</summary>
public sealed class StageRunner(ICloud cloud, TimeProvider time, BakeMetrics metrics, ILogger<StageRunner> logger)
{
    public async Task<TOut> RunAsync<TIn, TOut>(IStage<TIn, TOut> stage, BakeRun run, TIn input, CancellationToken ct)
    {
        var (bake, started) = (run.Bake, time.GetUtcNow());
        using var scope = BakeScope.Enter(logger, bake, stage.Name);
        using var span = StartSpan(stage.Name, bake);
        using var budget = new CancellationTokenSource(stage.Budget(bake), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, budget.Token);
        Log.StageStarted(logger, bake.Id, stage.Name);
        run.Observer.StageStarted(bake, stage.Name);
        BakeFailedException? failure = null;
        var result = "cancellation";
        try
        {
            var product = await stage.RunAsync(run, input, either.Token);
            result = "success";
            return product;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            failure = stage.TimedOut(run, input);
            throw failure;
        }
        catch (BakeFailedException exception)
        {
            failure = exception;
            throw;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.StageBroke(logger, bake.Id, stage.Name, exception);
            failure = Failures.Unexpected(stage.Name, exception);
            throw failure;
        }
        finally
        {
            result = failure is null ? result : BakeMetrics.ResultOf(failure);
            End(stage.Name, run, span, new StageRecord(stage.Name, result, started, (time.GetUtcNow() - started).TotalSeconds), failure);
        }
    }

    private Activity? StartSpan(string stage, Bake bake) =>
        BakeTelemetry.Source.StartActivity(
            ActivityKind.Internal,
            BakeTelemetry.Parse(bake.TraceParent) ?? default,
            [
                .. BakeScope.Of(bake, stage),
                new(BakeTelemetry.TaskName, stage),
                new(BakeTelemetry.TaskType, TypeOf(stage)),
                new(BakeTelemetry.TaskRunId, $"{bake.Id}/{bake.Attempt}/{stage}"),
                new(BakeTelemetry.TaskRunUrl, ConsoleUrls.OfBake(cloud.Home.Name, bake.Id)),
                new(BakeTelemetry.Attempt, bake.Attempt),
            ],
            name: stage
        );

    // The conventions know three types.
    private static string TypeOf(string stage) =>
        stage switch
        {
            "launch-tester" or "boot-test" or "scan-image" or "judge" => "test",
            "copy-image" or "publish" or "retire" => "deploy",
            _ => "build",
        };

    private void End(string stage, BakeRun run, Activity? span, StageRecord record, BakeFailedException? failure)
    {
        var (bake, took) = (run.Bake, TimeSpan.FromSeconds(record.Seconds));
        run.Add(record);
        metrics.Stage(bake.Recipe.Name, stage, took, record.Result);
        span?.SetTag(BakeTelemetry.TaskResult, record.Result);
        if (failure is null)
        {
            Log.StageEnded(logger, bake.Id, stage, record.Result, record.Seconds);
        }
        else
        {
            span?.SetTag(BakeTelemetry.ErrorType, failure.Code).SetStatus(ActivityStatusCode.Error, failure.Code);
            Log.StageFailed(logger, bake.Id, stage, failure.Code, record.Seconds, failure.Message);
        }

        run.Observer.StageEnded(bake, stage, took, record.Result == "success" ? null : failure?.Code ?? record.Result);
    }
}
