using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>
/// One instance of the image, from its launch to its last test: it comes up, its boot went as the recipe asks, it is clean, the tests pass;
/// and once more after a restart where the recipe says so.
/// </summary>
public sealed class BootExam(
    ICloud cloud,
    Watchers watchers,
    GuestShell shell,
    HygieneSweep sweep,
    RecipeTests tests,
    BootEvidence evidence
)
{
    private const string Stage = "boot-test";
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(15);

    /// <summary>The longest an exam may take.</summary>
    public static TimeSpan Budget(Recipe recipe)
    {
        var once = recipe.Boot.AgentWithin + TimeSpan.FromMinutes(10) + RecipeTests.Budget(recipe);
        return once + GuestShell.Budget(BuiltInScripts.HygieneLimit) + (recipe.Boot.Reboot ? once + RestartLimit : TimeSpan.Zero);
    }

    /// <exception cref="BakeFailedException">The image is rejected, with what there is to see in the exhibits.</exception>
    public async Task RunAsync(BakeRun run, Instance tester, CancellationToken ct)
    {
        try
        {
            await ExamineAsync(run, tester, ct);
        }
        catch (BakeFailedException failure) when (failure.Kind == FailureKind.Rejected)
        {
            failure.Exhibits = await evidence.CollectAsync(run.Bake, tester, ct);
            throw;
        }
    }

    private async Task ExamineAsync(BakeRun run, Instance tester, CancellationToken ct)
    {
        await AwaitBootAsync(run, tester, shell.Launched(run.Bake, tester), 1, ct);
        var first = await CheckBootAsync(run, tester, 1, ct);
        run.Note(Stage, "hygiene sweep");
        var allowed = await sweep.OnTesterAsync(run.Bake, tester, ct);
        Note(
            run,
            tester,
            1,
            new BootCheck("hygiene", CheckResult.Passed, allowed > 0 ? $"{allowed} findings that the recipe allows" : null)
        );
        await tests.RunAsync(run, tester, 1, check => Note(run, tester, 1, check), ct);
        if (!run.Bake.Recipe.Boot.Reboot)
        {
            return;
        }

        run.Note(Stage, "restart");
        var begun = new Begun($"{run.Bake.Recipe.Name}/restart", watchers.Time.GetUtcNow());
        await RestartAsync(run.Bake, tester, ct);
        await AwaitBootAsync(run, tester, begun, 2, ct);
        var second = await CheckBootAsync(run, tester, 2, ct);
        if (first is not null && first.BootId == second?.BootId)
        {
            throw Failures.BootFailed(tester.Id, "was told to restart and is still in the same boot", null);
        }

        await tests.RunAsync(run, tester, 2, check => Note(run, tester, 2, check), ct);
    }

    private async Task AwaitBootAsync(BakeRun run, Instance tester, Begun since, int boot, CancellationToken ct)
    {
        var within = run.Bake.Recipe.Boot.AgentWithin;
        try
        {
            if (!await Within.TryAsync(within, watchers.Time, token => ComeUpAsync(tester, since, token), ct))
            {
                throw Failures.BootFailed(
                    tester.Id,
                    $"did not bring its agent online and pass its status checks within {within.TotalMinutes:0.#} min{(boot == 1 ? "" : " of its restart")}",
                    await cloud.Home.Instances.FindConsoleAsync(tester.Id, ct)
                );
            }
        }
        catch (BakeFailedException lost) when (lost.Code == FailureCodes.BuilderLost)
        {
            // An instance that AWS took back says nothing about the image.
            var seen = await cloud.Home.Instances.ReadAsync([tester.Id], ct);
            if (seen.GetValueOrDefault(tester.Id) is { WasTakenAway: true })
            {
                throw;
            }

            throw Failures.BootFailed(tester.Id, "went away while it booted", await cloud.Home.Instances.FindConsoleAsync(tester.Id, ct));
        }

        Note(run, tester, boot, new BootCheck("agent", CheckResult.Passed));
        Note(run, tester, boot, new BootCheck("status-checks", CheckResult.Passed));
    }

    private async Task ComeUpAsync(Instance tester, Begun since, CancellationToken ct)
    {
        await shell.WhileAliveAsync(tester, t => watchers.Home.Agents.WaitAsync(tester.Id, since, seen => seen.IsOnline, t), ct);
        await shell.WhileAliveAsync(tester, t => watchers.Home.Health.WaitAsync(tester.Id, since, seen => seen.IsOk, t), ct);
    }

    private async Task<BootFacts?> CheckBootAsync(BakeRun run, Instance tester, int boot, CancellationToken ct)
    {
        if (BuiltInScripts.BootChecks(run.Bake.Recipe, boot) is not { } task)
        {
            Note(run, tester, boot, new BootCheck("failed-units", CheckResult.NotApplicable, "Windows has none"));
            return null;
        }

        run.Note(Stage, "boot checks");
        var ended = await shell.RunAsync(run.Bake, tester, task, ct);
        var facts = BootFacts.Parse(ended.Output);
        foreach (var check in facts?.Checks ?? [])
        {
            Note(run, tester, boot, check);
        }

        if (ended.State != CommandState.Succeeded || (facts is null && IsAsked(run.Bake.Recipe.Boot)))
        {
            throw Failures.BootCheckFailed(tester, ended, facts);
        }

        if (facts is null)
        {
            // A guest that only plays its part says nothing, and the result says so.
            Note(run, tester, boot, new BootCheck("failed-units", CheckResult.NotApplicable, "the guest does not say what it checked"));
        }

        return facts;
    }

    // What the recipe asks for by name must be answered.
    private static bool IsAsked(BootSpec boot) =>
        boot.StartupWithin is not null || boot.Ports is not null || boot.Sysctl.Count > 0 || boot.Sshd.Count > 0;

    private async Task RestartAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        // The step's own envelope restarts the guest and answers only from another boot.
        var task = new GuestTask("restart", RestartLimit)
        {
            Script = BuiltInScripts.Nothing(bake.Recipe.Platform),
            Reboot = RebootPolicy.Always,
        };
        var ended = await shell.RunAsync(bake, tester, task, ct);
        if (ended.State != CommandState.Succeeded)
        {
            throw Failures.BootFailed(tester.Id, $"did not come back from a restart ({ended.StatusDetails})", null);
        }
    }

    private static void Note(BakeRun run, Instance tester, int boot, BootCheck check) =>
        run.Add(check with { InstanceType = tester.Type, Boot = boot });
}
