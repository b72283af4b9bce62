using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Benchmarks;

/// <summary>
/// Very many bakes on one worker, ten of each recipe, on virtual time: they are begun, all wait for a long step, are stopped as by a deploy, and resume
/// at once to their end.
/// </summary>
internal static class Scale
{
    private static readonly TimeSpan LongStep = TimeSpan.FromHours(1.5);
    private const int BakesOfRecipe = 10;
    private static readonly TimeSpan AllWait = TimeSpan.FromMinutes(45);

    public static void Run(int count)
    {
        // An account with so many bakes at once has room for them and had its rates raised; at the defaults, two builders a second would be all
        // there is to see.
        using var bakery = Bakery.Open(
            options => options.SandboxSubnets = [.. options.BuilderSubnets],
            aws: options => options.BudgetShare = 1_000
        );
        bakery.Scenario.Command("*/step/patch/1").Takes(LongStep);
        var recipe = bakery.Recipe();
        recipe = recipe with { Steps = [.. recipe.Steps.Select(step => step with { Timeout = TimeSpan.FromHours(3) })] };
        var (clock, cpu, start) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, bakery.Time.GetUtcNow());

        var waiting = 0L;
        bakery.Time.Run(async () =>
        {
            using var deploy = new CancellationTokenSource();
            var bakes = Enumerable.Range(0, count).Select(i => BakeAsync(bakery, recipe, i, deploy.Token)).ToList();
            await Task.Delay(AllWait, bakery.Time, CancellationToken.None);
            waiting = GC.GetTotalMemory(forceFullCollection: true);
            await deploy.CancelAsync();
            await Task.WhenAll(bakes);
        });
        var perBake = (waiting - GC.GetTotalMemory(forceFullCollection: true)) / 1024.0 / count;
        var before = bakery.Calls.All.Count;
        var resumed = bakery.Time.GetUtcNow();

        var ends = bakery.Time.Run(() =>
            Task.WhenAll(Enumerable.Range(0, count).Select(i => BakeAsync(bakery, recipe, i, CancellationToken.None)))
        );

        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var calls = bakery.Calls.All;
        var lookups = calls
            .Skip(before)
            .Count(call => call.At - resumed < TimeSpan.FromSeconds(1) && call.Action.StartsWith("Describe", StringComparison.Ordinal));
        Say(
            $"{count:N0} bakes, {ends.Count(end => end?.Outcome == Outcome.Published):N0} published, {bakery.Time.GetUtcNow() - start:h\\:mm\\:ss} of virtual time in {clock.Elapsed.TotalSeconds:0} s"
        );
        foreach (var failures in ends.GroupBy(end => end?.Failure?.Code).Where(group => group.Key is not null))
        {
            Say($"{failures.Count():N0} failed: {failures.First()!.Failure!.Message}");
        }

        Say($"memory of a waiting bake   {perBake, 8:0.0} KB");
        Say($"CPU of a bake              {cpu.TotalMilliseconds / count, 8:0.0} ms (worker, SDK and LocalCloud)");
        Say($"EC2 and SSM calls a bake   {calls.Count(call => call.Service is "ec2" or "ssm") / (double)count, 8:0.0}");
        Say($"describes in the first second after all resumed at once {lookups:N0}");
        foreach (var group in calls.GroupBy(call => call.Action).OrderByDescending(group => group.Count()))
        {
            Say($"  {group.Key, -32} {group.Count(), 9:N0} {group.Count() / (double)count, 8:0.00} a bake");
        }
    }

    private static async Task<BakeResult?> BakeAsync(Bakery bakery, Recipe recipe, int i, CancellationToken ct)
    {
        recipe = recipe with
        {
            Name = $"{recipe.Name}-{i / BakesOfRecipe}",
            Publish = recipe.Publish with { Pointer = $"/images/scale/{i}" },
        };
        var bake = bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = recipe.Name, RequestId = $"scale-{i}" }, recipe);
        try
        {
            return await bakery.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, false, ct);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
