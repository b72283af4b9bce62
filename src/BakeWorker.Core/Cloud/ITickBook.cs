namespace BakeWorker.Core.Cloud;

/// <summary>The last tick of a recipe's schedule that somebody took care of, and whether its request was seen to be sent.</summary>
/// <param name="Tick">The moment that the schedule names.</param>
/// <param name="At">When this was written.</param>
/// <param name="IsSent">False between a worker's claim and its request.</param>
/// <param name="Version">What the next write must follow on.</param>
public sealed record TickEntry(DateTimeOffset Tick, DateTimeOffset At, bool IsSent, long Version = 0)
{
    /// <summary>What it was claimed for, besides the moment: the id of a base; null for a schedule.</summary>
    public string? Of { get; init; }

    /// <summary>What stands in a parameter that somebody wrote over by hand.</summary>
    public static readonly TickEntry Unreadable = new(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, IsSent: true);
}

/// <summary>Where all workers write down how far each schedule has come: one SSM parameter a recipe.</summary>
public interface ITickBook
{
    /// <summary>The entries in these parameters; parameters that do not exist are left out.</summary>
    Task<IReadOnlyDictionary<string, TickEntry>> ReadAsync(IReadOnlyCollection<string> parameters, CancellationToken ct);

    /// <summary>Writes if nobody else has since <paramref name="previous"/> was read; null if somebody has.</summary>
    Task<TickEntry?> TryWriteAsync(string parameter, TickEntry? previous, TickEntry next, CancellationToken ct);
}
