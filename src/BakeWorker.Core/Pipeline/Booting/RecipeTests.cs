using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>Runs the recipe's tests in order; neighbours that bear it, beside each other.</summary>
public sealed class RecipeTests(GuestShell shell)
{
    // The SSM agent runs no more commands at once; others would wait in it, unseen.
    private const int AtOnce = 5;

    /// <param name="boot">1, or 2 after the restart: a test may ask for it, and runs once in each.</param>
    /// <param name="note">Hears how each test ended.</param>
    /// <exception cref="BakeFailedException">A test failed; those that ran beside it have ended, too.</exception>
    public async Task RunAsync(BakeRun run, Instance tester, int boot, Action<BootCheck> note, CancellationToken ct)
    {
        foreach (var group in Groups(run.Bake.Recipe.Tests))
        {
            run.Note("boot-test", string.Join(", ", group.Select(test => test.Name)));
            var ends = await Task.WhenAll(group.Select(test => RunAsync(run.Bake, tester, test, boot, ct)));
            foreach (var (test, (failure, score)) in group.Zip(ends))
            {
                note(
                    new BootCheck($"test {test.Name}", failure is null ? CheckResult.Passed : CheckResult.Failed, score?.ToString())
                    {
                        Score = score,
                    }
                );
            }

            var failed = ends.Select(end => end.Failure).OfType<BakeFailedException>().ToList();
            if (failed.Count > 0)
            {
                throw failed.Count == 1 ? failed[0] : Failures.TestsFailed(failed);
            }
        }
    }

    /// <summary>The longest they may take.</summary>
    public static TimeSpan Budget(Recipe recipe) =>
        recipe.Tests.Aggregate(TimeSpan.Zero, (sum, test) => sum + GuestShell.Budget(test.Timeout));

    /// <summary>What starts together: neighbours that all say parallel, or one by itself.</summary>
    public static IEnumerable<IReadOnlyList<TestSpec>> Groups(IReadOnlyList<TestSpec> tests)
    {
        List<TestSpec> group = [];
        foreach (var test in tests)
        {
            if (group.Count > 0 && (!test.IsParallel || !group[0].IsParallel || group.Count == AtOnce))
            {
                yield return group;
                group = [];
            }

            group.Add(test);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    private async Task<(BakeFailedException? Failure, TestScore? Score)> RunAsync(
        Bake bake,
        Instance tester,
        TestSpec test,
        int boot,
        CancellationToken ct
    )
    {
        var environment = new Dictionary<string, string> { ["BOOT"] = boot.ToString(CultureInfo.InvariantCulture) };
        foreach (var (name, value) in ParameterReferences.Resolve(test.Environment, bake.Parameters))
        {
            environment[name] = value;
        }

        var task = new GuestTask($"test/{test.Name}{(boot == 1 ? "" : "/restarted")}", test.Timeout)
        {
            Script = test.Script,
            Environment = environment,
            IsRead = test.Least is not null,
        };
        var ended = await shell.RunAsync(bake, tester, task, ct);
        var score = test.Least is null ? null : TestScore.Parse(ended.Output);
        return ended.State switch
        {
            CommandState.Succeeded => (FindShortfall(test, score, ended), score),
            CommandState.TimedOut => (
                Failures.TestFailed(test.Name, "ran into its timeout", await shell.TailAsync(bake, tester, task.Key, ct)),
                null
            ),
            _ => (Failures.TestFailed(test.Name, $"ended with exit code {ended.ExitCode}", Failures.LastLines(ended)), null),
        };
    }

    // A score that cannot be read is none, and none is no pass.
    private static BakeFailedException? FindShortfall(TestSpec test, TestScore? score, Command ended) =>
        test.Least is not { } least || score?.Value >= least
            ? null
            : Failures.TestFailed(
                test.Name,
                score is null ? $"told no score, where at least {least} is asked," : $"came to {score}, where at least {least} is asked,",
                Failures.LastLines(ended)
            );
}
