using BakeWorker.Board.Cloud;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Board;

/// <summary>Everything at one glance.</summary>
public sealed record Overview
{
    /// <summary>Grows with every change that this worker knows of.</summary>
    public required long Version { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the account was looked at; null while it has not been.</summary>
    public required DateTimeOffset? SeenAt { get; init; }

    /// <summary>Why the last look was not complete; null when it was.</summary>
    public string? Trouble { get; init; }
    public required string Worker { get; init; }

    /// <summary>How many bakes are in each state, of all that are known.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Bakes that run or wait for their next attempt.</summary>
    public int Active => Counts.GetValueOrDefault(BakeStates.Running) + Counts.GetValueOrDefault(BakeStates.Paused);
    public QueueDepth? Queue { get; init; }
    public IReadOnlyList<BoardWorker> Workers { get; init; } = [];
    public IReadOnlyList<BoardRecipe> Recipes { get; init; } = [];
    public IReadOnlyList<BoardBudget> Budgets { get; init; } = [];

    /// <summary>AWS services that are not asked for a while, because they did not answer.</summary>
    public IReadOnlyList<string> DeadServices { get; init; } = [];
}

/// <summary>A worker, by the bakes that carry its name. <paramref name="Places"/>: bakes it takes at a time, where that is known.</summary>
public sealed record BoardWorker(string Name, int Active, int? Places, bool IsThis);

/// <summary>One page of bakes.</summary>
public sealed record BakePage(int Total, int Page, int Size, IReadOnlyList<BoardBake> Bakes);
