using BakeWorker.Core.Bakes;
using BakeWorker.Core.Publishing;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Looks at every place the image will go to, so that a bake does not fail at its end for something that can be known at its start.</summary>
public sealed class Preflight(PublishSteps steps) : IStage<PinnedBase, PinnedBase>
{
    public string Name => "preflight";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(5);

    public async Task<PinnedBase> RunAsync(BakeRun run, PinnedBase pinned, CancellationToken ct)
    {
        var obstacles = new Obstacles();
        foreach (var step in steps.InOrder)
        {
            await step.CheckAsync(run.Bake.Recipe, obstacles, ct);
        }

        return obstacles.Found.Count == 0 ? pinned : throw Failures.TargetUnfit(obstacles.Found);
    }
}
