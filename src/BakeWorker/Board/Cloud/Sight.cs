using BakeWorker.Core.Cloud;
using BakeWorker.Output;

namespace BakeWorker.Board.Cloud;

/// <summary>The account at one moment, as far as the board shows it.</summary>
internal sealed record Sight
{
    /// <summary>Before the first look.</summary>
    public static readonly Sight None = new();

    /// <summary>When it was read; null when it never was.</summary>
    public DateTimeOffset? At { get; init; }
    public IReadOnlyList<SeenBake> Bakes { get; init; } = [];

    /// <summary>The same as the board shows them: made once for all who look.</summary>
    public IReadOnlyList<BoardBake> Told { get; init; } = [];
    public IReadOnlyList<Image> Images { get; init; } = [];
    public QueueDepth? Queue { get; init; }
    public IReadOnlyList<BoardRecipe> Recipes { get; init; } = [];

    /// <summary>Why the last look was not complete, in one sentence; null when it was.</summary>
    public string? Trouble { get; init; }
}
