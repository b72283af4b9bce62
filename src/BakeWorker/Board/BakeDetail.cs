using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Board;

/// <summary>Everything about one bake.</summary>
public sealed record BakeDetail(BoardBake Bake)
{
    /// <summary>Every command in its guests, in the order of sending.</summary>
    public IReadOnlyList<BoardStep> Steps { get; init; } = [];

    /// <summary>Why steps could not be read; null when they could.</summary>
    public string? StepsTrouble { get; init; }

    /// <summary>The result as its requester got it (<c>bakeworker schema result</c>); only of this worker's own younger bakes.</summary>
    public JsonNode? Result { get; init; }

    /// <summary>The same, for pages.</summary>
    [JsonIgnore]
    public BakeResult? Told { get; init; }
}

/// <summary>A command in a guest. <paramref name="State"/>: running, succeeded, failed, timed-out, undelivered or cancelled.</summary>
public sealed record BoardStep(string Name, string Instance, string State, DateTimeOffset? SentAt)
{
    public int? ExitCode { get; init; }

    /// <summary>The end of what it printed; null while it runs, and where nothing can be had.</summary>
    public string? Output { get; init; }
}
