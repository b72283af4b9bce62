using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>The built-in search for secrets and traces in a guest, held against what the recipe allows today.</summary>
public sealed class HygieneSweep(GuestShell shell, TimeProvider time)
{
    /// <summary>Exit code of a sweep that found something.</summary>
    public const int Found = 20;

    /// <summary>How many findings the recipe allowed; anything else that is found, or a sweep that did not run to its end, fails.</summary>
    public Task<int> OnBuilderAsync(Bake bake, Instance builder, CancellationToken ct) =>
        RunAsync(bake, builder, BuiltInScripts.HygieneOnBuilder(bake.Recipe.Platform, bake.Recipe.Hygiene, Today), "on the builder", ct);

    /// <inheritdoc cref="OnBuilderAsync"/>
    public Task<int> OnTesterAsync(Bake bake, Instance tester, CancellationToken ct) =>
        RunAsync(
            bake,
            tester,
            BuiltInScripts.HygieneOnTester(bake.Recipe.Platform, bake.Recipe.Hygiene, Today, tester.LaunchedAt),
            "on an instance of it",
            ct
        );

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task<int> RunAsync(Bake bake, Instance guest, GuestTask task, string where, CancellationToken ct)
    {
        var swept = await shell.RunAsync(bake, guest, task, ct);
        return swept switch
        {
            { State: CommandState.Succeeded } => HygieneReport.Parse(swept.Output)?.Allowed ?? 0,
            { ExitCode: Found } => throw Failures.HygieneFailed(where, swept, bake.Recipe.Hygiene.ExpiredOn(Today)),
            _ => throw Failures.StepFailed("hygiene sweep", swept),
        };
    }
}
