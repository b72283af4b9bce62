using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Commands;

/// <summary>What went wrong before there was a bake, in the words of a result.</summary>
internal static class Failures
{
    /// <summary>The failure that an exception is to the caller, who may have asked to stop; null for a defect.</summary>
    public static BakeFailedException? Of(Exception exception, CancellationToken stop) =>
        exception switch
        {
            BakeFailedException failure => failure,
            UsageException usage => new BakeFailedException(FailureKind.Invalid, usage.Code, usage.Message),
            OperationCanceledException when stop.IsCancellationRequested => new BakeFailedException(
                FailureKind.Cancelled,
                FailureCodes.Cancelled,
                "The command was stopped from outside."
            ),
            _ => null,
        };

    public static BakeResult Result(BakeFailedException failure, string recipe, string requestId, DateTimeOffset now) =>
        new()
        {
            BakeId = BakeId.For(recipe, requestId).Value,
            RequestId = requestId,
            Recipe = recipe,
            Outcome = BakeResultBuilder.OutcomeOf(failure.Kind),
            Failure = BakeResultBuilder.Failure(failure, null),
            StartedAt = now,
            FinishedAt = now,
        };
}
