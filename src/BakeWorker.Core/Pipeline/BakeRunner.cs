using BakeWorker.Core.Bakes;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>Runs one attempt and turns its end into the result of the request, with nothing left running.</summary>
public sealed class BakeRunner(
    BakePipeline pipeline,
    Release release,
    Interruptions interruptions,
    BakeMetrics metrics,
    RunSpans spans,
    TimeProvider time,
    ILogger<BakeRunner> logger
)
{
    /// <summary>The final result; with <paramref name="retry"/> a transient failure is thrown instead, for another attempt.</summary>
    /// <exception cref="BakeFailedException">A transient failure that should be tried again.</exception>
    /// <exception cref="OperationCanceledException">The worker stops, or lost the message; everything stays for the next attempt.</exception>
    public async Task<BakeResult> RunAsync(Bake bake, IBakeObserver observer, bool retry, CancellationToken ct)
    {
        using var scope = BakeScope.Enter(logger, bake, "bake");
        using var interruption = interruptions.Begin(bake, ct);
        var run = new BakeRun(bake, observer, interruption);
        metrics.Started(bake);
        var end = new BakeResultBuilder(run);
        var (result, error) = ("cancellation", (string?)null);
        var (told, pause) = ((BakeResult?)null, (string?)"handed over to another attempt");
        observer.Began(bake);
        try
        {
            var final = await EndAsync(run, end, retry, ct);
            (result, error) = (end.PipelineResult, final.Failure?.Code);
            (told, pause) = (final with { FinishedAt = time.GetUtcNow() }, null);
            return told;
        }
        catch (BakeFailedException failure)
        {
            (result, error, pause) = (BakeMetrics.ResultOf(failure), failure.Code, failure.Message);
            throw;
        }
        finally
        {
            var now = time.GetUtcNow();
            metrics.Ended(bake, (run.ReleasedFrom ?? now) - bake.StartedAt, now - run.ReleasedFrom, result, error);
            if (told is null)
            {
                spans.LeftOff(bake, result, error);
            }
            else
            {
                spans.Ended(run, result, error);
            }

            observer.Ended(bake, told, pause);
        }
    }

    private async Task<BakeResult> EndAsync(BakeRun run, BakeResultBuilder end, bool retry, CancellationToken ct)
    {
        var interruption = run.Interruption;
        BakeFailedException final;
        try
        {
            return await GoAsync(run, end, ct);
        }
        catch (OperationCanceledException) when (interruption.Cause is not null && !ct.IsCancellationRequested)
        {
            final = interruption.Cause;
        }
        catch (BakeFailedException failure) when (failure.Kind != FailureKind.Transient || !retry || interruption.Cause is not null)
        {
            final = interruption.Cause ?? failure;
        }

        if (await FindPublishedAsync(run, ct) is { } published)
        {
            await ReleaseAsync(run, ct);
            return end.Published(published);
        }

        run.Kept = await ReleaseAsync(run, () => release.AfterFailureAsync(run.Bake, final, interruption.IsClosed, ct));
        return end.Failed(final);
    }

    // The same request may have come twice: what another attempt published meanwhile is how this bake ended, whatever failed here since.
    private async Task<PublishedImage?> FindPublishedAsync(BakeRun run, CancellationToken ct)
    {
        try
        {
            return await pipeline.FindPublishedAsync(run, ct);
        }
        catch (BakeFailedException)
        {
            // The failure that is at hand says more than this one.
            return null;
        }
    }

    private async Task<BakeResult> GoAsync(BakeRun run, BakeResultBuilder end, CancellationToken ct)
    {
        if (run.Bake.Request.DryRun)
        {
            await pipeline.PinAsync(run, run.Interruption.Token);
            return end.Skipped();
        }

        var published = await pipeline.RunAsync(run, run.Interruption.Token);
        await ReleaseAsync(run, ct);
        return published is null ? end.Skipped() : end.Published(published);
    }

    private async Task<T> ReleaseAsync<T>(BakeRun run, Func<Task<T>> end)
    {
        run.ReleasedFrom = time.GetUtcNow();
        metrics.Finalizing(run.Bake);
        using var scope = BakeScope.Enter(logger, run.Bake, "release");
        using var span = spans.Releasing(run.Bake);
        return await end();
    }

    private Task<bool> ReleaseAsync(BakeRun run, CancellationToken ct) =>
        ReleaseAsync(
            run,
            async () =>
            {
                await release.InstancesAsync(run.Bake, ct);
                return true;
            }
        );
}
