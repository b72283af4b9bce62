using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Patch, harden and install, in the recipe's order.</summary>
public sealed class ApplySteps(InventoryReader inventories, StepRunner steps) : IStage<OnlineBuilder, PreparedBuilder>
{
    public string Name => "apply-steps";

    public TimeSpan Budget(Bake bake) => StepRunner.Budget(bake.Recipe, IsMine);

    public async Task<PreparedBuilder> RunAsync(BakeRun run, OnlineBuilder online, CancellationToken ct)
    {
        var (bake, instance) = (run.Bake, online.Builder.Instance);
        var before = await inventories.FindAsync(bake, instance, "before", ct);
        await steps.RunAsync(run, instance, Name, IsMine, ct);
        return new PreparedBuilder(online.Builder, before);
    }

    private static bool IsMine(StepPhase phase) => phase != StepPhase.Cleanup;
}
