using BakeWorker.Simulation.Schedules;

namespace BakeWorker.Simulation.Runs;

/// <summary>How a seed went. The same seed always has the same report.</summary>
public sealed class SeedReport
{
    public required int Seed { get; init; }

    /// <summary>SHA-256 over every operation, its time, its caller and its end, and over every result.</summary>
    public string Digest { get; set; } = "";
    public long Calls { get; set; }
    public double Hours { get; set; }

    /// <summary>Results by outcome; a result that was told twice counts twice.</summary>
    public SortedDictionary<string, int> Outcomes { get; init; } = [];
    public SortedDictionary<string, int> Failures { get; init; } = [];
    public SortedDictionary<string, int> Faults { get; init; } = [];
    public SortedDictionary<string, int> Troubles { get; init; } = [];

    /// <summary>What the sweep found to remove at the end, by kind.</summary>
    public SortedDictionary<string, int> Swept { get; init; } = [];

    /// <summary>What must never be, with the last operations before it; empty for a good seed.</summary>
    public List<string> Violations { get; init; } = [];

    internal void Struck(TroubleKind kind) => Count(Troubles, $"{kind}");

    internal static void Count(SortedDictionary<string, int> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
