namespace BakeWorker.Board;

/// <summary>A bake as the board shows it: what this worker saw itself, or what the account tells of another one's.</summary>
public sealed record BoardBake
{
    public required string BakeId { get; init; }
    public required string Recipe { get; init; }
    public string? Owner { get; init; }

    /// <summary>One of <see cref="BakeStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The stages in work, such as <c>boot-test, scan-image</c>.</summary>
    public string? Doing { get; init; }

    /// <summary>What the latest of them said.</summary>
    public string? Note { get; init; }

    /// <summary>Why it ended as it did, or waits, in one sentence.</summary>
    public string? Reason { get; init; }
    public string? Code { get; init; }

    /// <summary>Who must act.</summary>
    public string? Actor { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Worker { get; init; }
    public int? Attempt { get; init; }
    public string? RequestId { get; init; }
    public string? RequestedBy { get; init; }
    public string? Image { get; init; }
    public string? TraceId { get; init; }
    public string? TraceUrl { get; init; }
    public IReadOnlyList<BoardStage> Stages { get; init; } = [];

    /// <summary>Whether this worker carried it out itself, and so knows its stages and its result.</summary>
    public bool IsOwn { get; init; }
    public bool IsActive => State is BakeStates.Running or BakeStates.Paused;
}

/// <summary>One stage. <paramref name="State"/>: running, success, cancellation or a failure code. <paramref name="Seconds"/> is null while it runs.</summary>
public sealed record BoardStage(string Name, string State, DateTimeOffset StartedAt, double? Seconds, string? Note)
{
    public const string Running = "running";
    public const string Success = "success";
}

/// <summary>The words for what a bake is doing or how it ended; besides these the outcomes of results.</summary>
public static class BakeStates
{
    public const string Running = "running";

    /// <summary>An attempt ended, and another one goes on with it.</summary>
    public const string Paused = "paused";
    public const string Published = "published";

    /// <summary>It is over, and nobody there knows how.</summary>
    public const string Ended = "ended";

    public static readonly IReadOnlyList<string> All =
    [
        Running,
        Paused,
        Published,
        "rejected",
        "failed",
        "cancelled",
        "skipped",
        "invalid",
        Ended,
    ];
}
