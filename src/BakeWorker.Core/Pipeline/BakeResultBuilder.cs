using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline.Booting;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Skipping;
using BakeWorker.Core.Telemetry;

namespace BakeWorker.Core.Pipeline;

/// <summary>Writes the result of a request from the notes of its last attempt.</summary>
public sealed class BakeResultBuilder(BakeRun run)
{
    /// <summary>The CI/CD conventions' word for how it ended.</summary>
    public string PipelineResult { get; private set; } = "success";

    public BakeResult Published(PublishedImage published) =>
        Base(Outcome.Published) with
        {
            Images = published.Images.ToDictionary(pair => pair.Key, pair => pair.Value.Value),
            Pointer = published.Pointer,
            Provenance = run.Proof is { } proof ? new ResultProvenance(proof) : null,
        };

    public BakeResult Skipped()
    {
        PipelineResult = "skip";
        return Base(Outcome.Skipped);
    }

    public BakeResult Failed(BakeFailedException failure)
    {
        PipelineResult = BakeMetrics.ResultOf(failure);
        var kept = run.Kept is { } builder ? new ResultKept(builder.Instance.Value, builder.Until, builder.Access) : null;
        return Base(OutcomeOf(failure.Kind)) with { Failure = Failure(failure, run.FailedStage) with { Kept = kept } };
    }

    public static Outcome OutcomeOf(FailureKind kind) =>
        kind switch
        {
            FailureKind.Rejected => Outcome.Rejected,
            FailureKind.Invalid => Outcome.Invalid,
            FailureKind.Cancelled => Outcome.Cancelled,
            _ => Outcome.Failed,
        };

    public static ResultFailure Failure(BakeFailedException failure, string? stage)
    {
        var advice = FailureGuide.For(failure.Code);
        return new ResultFailure(failure.Code, failure.Message)
        {
            Stage = stage,
            Step = failure.Step,
            Actor = advice.Actor,
            Retryable = advice.IsRetryable,
            Evidence = failure.Evidence,
            Exhibits = failure.Exhibits.Count > 0 ? failure.Exhibits : null,
        };
    }

    private BakeResult Base(Outcome outcome) =>
        new()
        {
            BakeId = run.Bake.Id.Value,
            RequestId = run.Bake.Request.RequestId,
            Recipe = run.Bake.Recipe.Name,
            RecipeDigest = run.Bake.Recipe.Digest,
            Outcome = outcome,
            BaseImage = run.Base?.Id.Value,
            Stages = [.. run.Stages.Select(stage => new ResultStage(stage.Name, stage.Result, stage.StartedAt, stage.Seconds))],
            Findings = run.Judgement is { } judgement ? Count(judgement) : null,
            Verdict = run.Judgement is { } judged ? VerdictText.Of(judged) : null,
            Changes = run.Changes,
            Comparison = Compared(),
            Checks = run.Checks is { Count: > 0 } checks ? [.. checks.Select(Check)] : null,
            Attempts = run.Bake.Attempt,
            Worker = run.Bake.Worker,
            TraceId = BakeTelemetry.Parse(run.Bake.TraceParent)?.TraceId.ToHexString(),
            StartedAt = run.Bake.StartedAt,
            FinishedAt = run.Bake.StartedAt,
        };

    // Of an earlier attempt's comparison only the sentence is left.
    private ResultComparison? Compared() =>
        run.Comparison is { } comparison
            ? new(
                comparison.Text,
                [.. comparison.Parts.Select(part => new ResultPart(part.Name, WordOf(part.State)) { Detail = part.Detail })]
            )
            {
                Image = comparison.Image?.Value,
            }
        : run.Because is { } because ? new(because, [])
        : null;

    private static string WordOf(PartState state) =>
        state switch
        {
            PartState.Same => "same",
            PartState.Changed => "changed",
            PartState.NotAsked => "not-asked",
            _ => "unknown",
        };

    private static ResultCheck Check(BootCheck check) =>
        new(
            check.Name,
            check.Result switch
            {
                CheckResult.Passed => "passed",
                CheckResult.NotApplicable => "not-applicable",
                _ => "failed",
            },
            check.Boot
        )
        {
            InstanceType = check.InstanceType,
            Detail = check.Detail,
            Score = check.Score?.Value,
            Failed = check.Score?.Failed,
        };

    private static ResultFindings Count(Judgement judgement)
    {
        var bySeverity = judgement.All.CountBy(finding => finding.Severity).ToDictionary();
        return new(
            bySeverity.GetValueOrDefault(Severity.Critical),
            bySeverity.GetValueOrDefault(Severity.High),
            bySeverity.GetValueOrDefault(Severity.Medium),
            bySeverity.GetValueOrDefault(Severity.Low),
            bySeverity.GetValueOrDefault(Severity.Untriaged),
            judgement.Waived.Count
        );
    }
}
