using System.Text.Json;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.Simulation.Schedules;

/// <summary>Everything that a seed decides beforehand: the requests, what becomes of them, the faults, and what befalls each worker.</summary>
public sealed record Schedule(int Seed)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongDeadline = 360 * Minute;
    private static readonly string[] Thrift =
    [
        "Ec2Reads=8/1",
        "Ec2Writes=3/0.5",
        "RunInstances=1/0.2",
        "TerminateInstances=2/0.2",
        "CreateTags=2/0.5",
        "Inspector=2/0.5",
    ];

    public required IReadOnlyList<Order> Orders { get; init; }
    public required IReadOnlyList<BadOrder> BadOrders { get; init; }

    /// <summary>For each worker what befalls it, in order.</summary>
    public required IReadOnlyList<IReadOnlyList<Trouble>> Workers { get; init; }
    public required FaultRates Rates { get; init; }

    /// <summary>When the faults end, so that the end of every bake is a matter of the workers alone.</summary>
    public required TimeSpan StormEnds { get; init; }

    public required TimeSpan Visibility { get; init; }

    /// <summary>How long bakes may take before nobody works on them any more.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How many bakes a worker takes at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>From one sweep beside the bakes to the next; null for none.</summary>
    public TimeSpan? SweepEvery { get; init; }

    /// <summary>Buckets that are smaller than those of AWS, in the words of the worker's settings.</summary>
    public IReadOnlyList<string> Budgets { get; init; } = [];

    /// <summary>Whether each bake must end as its fate says: nothing but calls and workers goes wrong, and all of that can be mended.</summary>
    public bool IsMendable => Rates != FaultRates.WorstDay with { LongestLag = Rates.LongestLag } && Deadline == LongDeadline;

    public static Schedule Of(int seed)
    {
        var dice = new Dice(seed, "schedule");
        var orders = Enumerable
            .Range(0, dice.Hits(0.08) ? dice.Between(3, 6) : dice.Of(1, 1, 1, 2, 2))
            .Select(n => OrderOf(dice, seed, n))
            .ToList();
        return new Schedule(seed)
        {
            Orders = orders,
            BadOrders = dice.Hits(0.4) ? [BadOrderOf(dice)] : [],
            Workers = [.. Enumerable.Range(0, dice.Of(2, 2, 3)).Select(_ => TroublesOf(dice))],
            Rates = RatesOf(dice),
            StormEnds = dice.Between(5 * Minute, 30 * Minute),
            Visibility = TimeSpan.FromSeconds(dice.Of(90, 120, 180)),
            Deadline = dice.Hits(0.2) ? dice.Between(15 * Minute, 60 * Minute) : LongDeadline,
            SweepEvery = dice.Hits(0.5) ? dice.Between(4 * Minute, 20 * Minute) : null,
            Budgets = dice.Hits(0.3) ? Thrift : [],
            Concurrency = dice.Of(1, 1, 2, 4),
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
        return new Order(recipe, requestId, fate, dice.Between(TimeSpan.Zero, Minute), body)
        {
            AgainAt = dice.Hits(0.2) ? dice.Between(TimeSpan.Zero, 5 * Minute) : null,
            CancelAt = dice.Hits(0.1) ? dice.Between(Minute, 7 * Minute) : null,
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
            dice.Between(TimeSpan.Zero, 3 * Minute),
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

    private static FaultRates RatesOf(Dice dice)
    {
        var lag = TimeSpan.FromSeconds(dice.Of(4, 20));
        return dice.Between(1, 10) switch
        {
            1 => new FaultRates(),
            <= 4 => FaultRates.BadDay with { Hidden = dice.Of(0, 0.5), LongestLag = lag },
            _ => FaultRates.WorstDay with { LongestLag = lag },
        };
    }
}
