using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes sure the bake has one builder that runs, or one that its own seal stopped.</summary>
public sealed class LaunchBuilder(ICloud cloud, CapacityLadder ladder, Pools pools) : IStage<PinnedBase, Builder>
{
    public string Name => "launch-builder";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<Builder> RunAsync(BakeRun run, PinnedBase pinned, CancellationToken ct)
    {
        var found = pinned.Builder;
        if (found is { State: InstanceState.Stopped or InstanceState.Stopping, IsSealed: false })
        {
            // Something other than our seal stopped it in the middle of a step: nobody knows what is on it.
            pools.Saw(found);
            await cloud.Home.Instances.RemoveAsync(found.Id, ct);
            found = null;
        }

        var instance = found is null
            ? await ladder.LaunchAsync(run, InstanceRole.Builder, pinned.Image, null, ct)
            : await ladder.SettleAsync(found, ct);
        return instance is { State: InstanceState.Running } or { IsSealed: true }
            ? new Builder(instance, pinned.Image)
            : throw Failures.LaunchDied("builder", instance);
    }
}
