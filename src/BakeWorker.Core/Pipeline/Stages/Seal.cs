using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Arms the seal in the guest, which wipes the last identities and powers off; only EC2's <c>stopped</c> proves that it did.</summary>
public sealed class Seal(ICloud cloud, Watchers watchers, GuestShell shell, BakeryOptions options) : IStage<CleanBuilder, CaptureSource>
{
    public string Name => "seal";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(20);

    public async Task<CaptureSource> RunAsync(BakeRun run, CleanBuilder clean, CancellationToken ct)
    {
        var (bake, builder) = (run.Bake, clean.Builder.Instance);
        // Until now a power-off meant an orphan's end. Spot builders stop anyway: their requests ask for that.
        if (!builder.IsSpot)
        {
            await cloud.Home.Instances.EnsureStopsAsync(builder.Id, ct);
        }

        await cloud.Home.Instances.TagAsync(builder.Id, new Dictionary<string, string> { [ResourceTags.Sealing] = "true" }, ct);
        var armed = watchers.Time.GetUtcNow();
        await ArmAsync(bake, builder, ct);
        var stopped = await watchers.Home.Instances.WaitAsync(
            builder.Id,
            new Begun("power-off", armed),
            seen => seen.IsGone || seen.State == InstanceState.Stopped,
            ct
        );
        // Stopped by anybody else, the guest may not have come to the end of its seal.
        return stopped.StoppedItself ? new CaptureSource(stopped, null, clean.Before) : throw Failures.InstanceLost("builder", stopped);
    }

    public BakeFailedException TimedOut(BakeRun run, CleanBuilder clean) =>
        Failures.SealFailed(clean.Builder.Instance.Id, "it did not power itself off in time");

    // The guest may be off before SSM shows the command's end, so either sign lets the stage go on.
    private async Task ArmAsync(Bake bake, Instance builder, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var off = watchers.Home.Instances.WaitAsync(
            builder.Id,
            new Begun("sealing", watchers.Time.GetUtcNow()),
            seen => seen.State is not InstanceState.Running,
            stop.Token
        );
        var armed = shell.RunAsync(bake, builder, BuiltInScripts.Seal(bake.Recipe.Platform, options.SealDelay), stop.Token);
        var first = await Task.WhenAny(armed, off);
        stop.Cancel();
        await Task.WhenAll(armed, off)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            if (first == armed && await armed is { State: not CommandState.Succeeded } failed)
            {
                throw Failures.SealFailed(builder.Id, $"the seal script ended with exit code {failed.ExitCode}");
            }

            await first;
        }
        catch (BakeFailedException lost) when (lost.Code == FailureCodes.BuilderLost)
        {
            // Going off is what it was told to do; who did it is looked at next.
        }
    }
}
