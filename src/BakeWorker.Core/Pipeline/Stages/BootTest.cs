using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>The image must boot by itself: status checks, agent, hygiene once more on what is really in it, and the recipe's tests.</summary>
public sealed class BootTest(ICloud cloud, Watchers watchers, GuestShell shell, HygieneSweep sweep) : IStage<Tester, BootReport>
{
    public string Name => "boot-test";

    public TimeSpan Budget(Bake bake) =>
        bake.Recipe.Tests.Aggregate(
            bake.Recipe.Boot.AgentWithin + TimeSpan.FromMinutes(45),
            (sum, test) => sum + GuestShell.Budget(test.Timeout)
        );

    public async Task<BootReport> RunAsync(BakeRun run, Tester tester, CancellationToken ct)
    {
        var bake = run.Bake;
        await AwaitBootAsync(bake, tester.Instance, ct);
        await CheckHygieneAsync(run, tester.Instance, ct);
        foreach (var test in bake.Recipe.Tests)
        {
            run.Note(Name, test.Name);
            await RunTestAsync(bake, tester.Instance, test, ct);
        }

        var listed = await shell.RunAsync(bake, tester.Instance, BuiltInScripts.Inventory(bake.Recipe.Platform, "after"), ct);
        var after = listed.State == CommandState.Succeeded ? Inventory.Parse(listed.Output) : null;
        run.Changes = tester.Image.Before is { } before ? after?.ChangesSince(before) : null;
        return new BootReport([.. bake.Recipe.Tests.Select(test => test.Name)], after);
    }

    private async Task AwaitBootAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        var within = bake.Recipe.Boot.AgentWithin;
        try
        {
            if (!await Within.TryAsync(within, watchers.Time, token => ComeUpAsync(bake, tester, token), ct))
            {
                throw await BootFailedAsync(
                    tester,
                    $"did not bring its agent online and pass its status checks within {within.TotalMinutes:0.#} min",
                    ct
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

            throw await BootFailedAsync(tester, "went away while it booted", ct);
        }
    }

    private async Task ComeUpAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        var launched = shell.Launched(bake, tester);
        await shell.WhileAliveAsync(tester, t => watchers.Home.Agents.WaitAsync(tester.Id, launched, seen => seen.IsOnline, t), ct);
        await shell.WhileAliveAsync(tester, t => watchers.Home.Health.WaitAsync(tester.Id, launched, seen => seen.IsOk, t), ct);
    }

    private async Task CheckHygieneAsync(BakeRun run, Instance tester, CancellationToken ct)
    {
        run.Note(Name, "hygiene sweep");
        await sweep.OnTesterAsync(run.Bake, tester, ct);
    }

    private async Task RunTestAsync(Bake bake, Instance tester, TestSpec test, CancellationToken ct)
    {
        var task = new GuestTask($"test/{test.Name}", test.Timeout)
        {
            Script = test.Script,
            Environment = ParameterReferences.Resolve(test.Environment, bake.Parameters),
        };
        var ended = await shell.RunAsync(bake, tester, task, ct);
        if (ended.State == CommandState.TimedOut)
        {
            throw Failures.TestFailed(test.Name, "ran into its timeout", await shell.TailAsync(bake, tester, task.Key, ct));
        }

        if (ended.State != CommandState.Succeeded)
        {
            throw Failures.TestFailed(test.Name, $"ended with exit code {ended.ExitCode}", Failures.LastLines(ended));
        }
    }

    private async Task<BakeFailedException> BootFailedAsync(Instance tester, string why, CancellationToken ct) =>
        Failures.BootFailed(tester.Id, why, await cloud.Home.Instances.FindConsoleAsync(tester.Id, ct));
}
