using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>The recipe's cleanup steps, then the built-in secret and hygiene sweep, which can fail the bake.</summary>
public sealed class Clean(HygieneSweep sweep, StepRunner steps) : IStage<PreparedBuilder, CleanBuilder>
{
    public string Name => "clean";

    public TimeSpan Budget(Bake bake) => StepRunner.Budget(bake.Recipe, IsMine) + GuestShell.Budget(BuiltInScripts.HygieneLimit);

    public async Task<CleanBuilder> RunAsync(BakeRun run, PreparedBuilder prepared, CancellationToken ct)
    {
        var builder = prepared.Builder;
        await steps.RunAsync(run, builder.Instance, Name, IsMine, ct);
        run.Note(Name, "hygiene sweep");
        var allowed = await sweep.OnBuilderAsync(run.Bake, builder.Instance, ct);
        if (allowed > 0)
        {
            run.Note(Name, $"{allowed} findings that the recipe allows");
        }

        return new CleanBuilder(builder, prepared.Before);
    }

    private static bool IsMine(StepPhase phase) => phase == StepPhase.Cleanup;
}
