using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>The recipe's cleanup steps, then the built-in secret and hygiene sweep, which can fail the bake.</summary>
public sealed class Clean(GuestShell shell, StepRunner steps) : IStage<PreparedBuilder, CleanBuilder>
{
    public string Name => "clean";

    public TimeSpan Budget(Bake bake) =>
        StepRunner.Budget(bake.Recipe, IsMine) + GuestShell.Budget(BuiltInScripts.HygieneOnBuilder(bake.Recipe.Platform).Timeout);

    public async Task<CleanBuilder> RunAsync(BakeRun run, PreparedBuilder prepared, CancellationToken ct)
    {
        var builder = prepared.Builder;
        await steps.RunAsync(run, builder.Instance, Name, IsMine, ct);
        run.Note(Name, "hygiene sweep");
        var swept = await shell.RunAsync(run.Bake, builder.Instance, BuiltInScripts.HygieneOnBuilder(run.Bake.Recipe.Platform), ct);
        return swept switch
        {
            { State: CommandState.Succeeded } => new CleanBuilder(builder, prepared.Before),
            { ExitCode: BuiltInScripts.HygieneFindings } => throw Failures.HygieneFailed("on the builder", swept),
            _ => throw Failures.StepFailed("hygiene sweep", swept),
        };
    }

    private static bool IsMine(StepPhase phase) => phase == StepPhase.Cleanup;
}
