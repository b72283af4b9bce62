using System.Text.Json;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.Simulation.Schedules;

/// <summary>Everything that a seed decides beforehand: the requests, what becomes of them, the faults, and what befalls each worker.</summary>
public sealed record Schedule(int Seed)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public required IReadOnlyList<Order> Orders { get; init; }
    public required IReadOnlyList<BadOrder> BadOrders { get; init; }

    /// <summary>For each worker what befalls it, in order.</summary>
    public required IReadOnlyList<IReadOnlyList<Trouble>> Workers { get; init; }
    public required FaultRates Rates { get; init; }

    /// <summary>When the faults end, so that the end of every bake is a matter of the workers alone.</summary>
    public required TimeSpan StormEnds { get; init; }

    public required TimeSpan Visibility { get; init; }

    public static Schedule Of(int seed)
    {
        var dice = new Dice(seed, "schedule");
        var orders = Enumerable.Range(0, dice.Between(2, 4)).Select(n => OrderOf(dice, seed, n)).ToList();
        return new Schedule(seed)
        {
            Orders = orders,
            BadOrders = dice.Hits(0.4) ? [BadOrderOf(dice)] : [],
            Workers = [.. Enumerable.Range(0, dice.Between(2, 3)).Select(_ => TroublesOf(dice))],
            Rates = RatesOf(dice),
            StormEnds = dice.Between(10 * Minute, 60 * Minute),
            Visibility = TimeSpan.FromSeconds(dice.Of(60, 90, 180)),
        };
    }

    private static Order OrderOf(Dice dice, int seed, int n)
    {
        var recipe = dice.Of("plain", "regions", "spot", "waived");
        var fate = FateOf(dice, recipe);
        var requestId = $"sim-{seed}-{n}";
        var body = JsonSerializer.Serialize(
            new
            {
                recipe,
                requestId,
                parameters = new { version = $"1.{n}" },
                dryRun = fate == Fate.DryRun,
            }
        );
        return new Order(recipe, requestId, fate, dice.Between(TimeSpan.Zero, 4 * Minute), body)
        {
            AgainAt = dice.Hits(0.2) ? dice.Between(TimeSpan.Zero, 12 * Minute) : null,
        };
    }

    private static Fate FateOf(Dice dice, string recipe)
    {
        var fate = dice.Hits(0.55)
            ? Fate.Good
            : dice.Of(
                Fate.Flaky,
                Fate.Reboots,
                Fate.Vulnerable,
                Fate.StepFails,
                Fate.StepHangs,
                Fate.HygieneFails,
                Fate.TestFails,
                Fate.DryRun
            );
        var hasPatchStep = recipe is "regions" or "spot";
        return fate is Fate.Flaky or Fate.Reboots && !hasPatchStep ? Fate.Good : fate;
    }

    private static BadOrder BadOrderOf(Dice dice) =>
        new(
            dice.Between(TimeSpan.Zero, 6 * Minute),
            dice.Of(
                """{ "recipe": """,
                """{ "recipe": "no-such-recipe" }""",
                """{ "recipe": "plain", "recipient": "x" }""",
                """{ "recipe": "plain", "parameters": { "version": "1.0; reboot" } }"""
            )
        );

    private static List<Trouble> TroublesOf(Dice dice)
    {
        var (troubles, call) = (new List<Trouble>(), 0);
        for (var n = dice.Between(0, 3); n > 0; n--)
        {
            call += dice.Between(1, 100);
            var kind = dice.Of(TroubleKind.Crash, TroubleKind.Crash, TroubleKind.Stop, TroubleKind.Pause);
            var lasts = kind == TroubleKind.Pause ? dice.Between(Minute / 2, 6 * Minute) : dice.Between(TimeSpan.Zero, 3 * Minute);
            troubles.Add(new Trouble(kind, call, dice.Hits(0.5), lasts));
        }

        return troubles;
    }

    private static FaultRates RatesOf(Dice dice) =>
        dice.Hits(0.15)
            ? new FaultRates()
            : FaultRates.BadDay with
            {
                Hidden = dice.Of(0, 0, 0.5),
                LongestLag = TimeSpan.FromSeconds(dice.Of(4, 20)),
            };
}
