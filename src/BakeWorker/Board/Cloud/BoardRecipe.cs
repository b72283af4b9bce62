namespace BakeWorker.Board.Cloud;

/// <summary>A recipe and the image that consumers of it use now.</summary>
public sealed record BoardRecipe(string Name)
{
    public string? Owner { get; init; }
    public string? Description { get; init; }
    public string? Pointer { get; init; }

    /// <summary>When it is baked by itself, such as <c>0 3 * * * UTC</c>.</summary>
    public string? Schedule { get; init; }

    /// <summary>The current image; null when there is none.</summary>
    public string? Image { get; init; }
    public string? BakeId { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public BoardFindings? Findings { get; init; }

    /// <summary>Why its image is not known, or the first error in the recipe; null when all is well.</summary>
    public string? Trouble { get; init; }
}

/// <summary>Findings that an image went on with when it was judged.</summary>
public sealed record BoardFindings(DateTimeOffset JudgedAt, int Critical, int High, int Medium, int Low);
