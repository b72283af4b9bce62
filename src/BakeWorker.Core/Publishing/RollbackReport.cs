using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Publishing;

/// <summary>What a rollback did. <paramref name="Bake"/> is the one whose images are current now.</summary>
public sealed record RollbackReport(string Recipe, string Bake, IReadOnlyList<RollbackMove> Moves)
{
    public bool IsComplete => Moves.All(move => move.Failure is null);
}

/// <summary>What it did in one Region. A pointer or template that was there already, or that the recipe has not, is null.</summary>
public sealed record RollbackMove(string Region, ImageId Image)
{
    /// <summary>What consumers got until now; null for nothing.</summary>
    public ImageId? Before { get; init; }

    /// <summary>The pointer's new version.</summary>
    public long? Pointer { get; init; }

    /// <summary>The launch template's new default version.</summary>
    public long? TemplateVersion { get; init; }

    /// <summary>Why it could not be completed here; null when it was.</summary>
    public string? Failure { get; init; }

    /// <summary><c>moved</c>, <c>already</c> or <c>failed</c>.</summary>
    public string Action =>
        Failure is not null ? "failed"
        : Pointer is null && TemplateVersion is null ? "already"
        : "moved";
}
