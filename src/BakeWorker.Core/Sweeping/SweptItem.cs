using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Sweeping;

public enum SweptKind
{
    Instance,
    Image,
    Snapshot,
}

/// <summary>Something of ours in the cloud, as one listing showed it.</summary>
public sealed record SweptItem(SweptKind Kind, string Region, string Id)
{
    public DateTimeOffset? BornAt { get; init; }
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>EC2's word for how it is, lower-case.</summary>
    public string State { get; init; } = "";

    /// <summary>Of a snapshot: the image that it belongs to.</summary>
    public string? Image { get; init; }

    public string? Bake => Tags.GetValueOrDefault(ResourceTags.BakeId);

    public static SweptItem Of(Instance instance, string region) =>
        new(SweptKind.Instance, region, instance.Id.Value)
        {
            BornAt = instance.LaunchedAt,
            Tags = instance.Tags,
            State = instance.State.ToString().ToLowerInvariant(),
        };

    public static SweptItem Of(Image image) =>
        new(SweptKind.Image, image.Region, image.Id.Value)
        {
            BornAt = image.CreatedAt,
            Tags = image.Tags,
            State = image.State.ToString().ToLowerInvariant(),
        };

    public static SweptItem Of(Snapshot snapshot, string region, string? image) =>
        new(SweptKind.Snapshot, region, snapshot.Id.Value)
        {
            BornAt = snapshot.StartedAt,
            Tags = snapshot.Tags,
            Image = image,
        };
}

/// <summary>What the sweep makes of an item, and why.</summary>
public sealed record SweepJudgement(SweptItem Item, bool IsOrphan, string Reason)
{
    /// <summary>It was removed.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Why it could not be removed after all; null when nothing was tried, or it was removed.</summary>
    public string? LeftBecause { get; init; }
}

/// <summary>What one sweep found and did. <paramref name="Problems"/> name what could not be looked at.</summary>
public sealed record SweepReport(IReadOnlyList<SweepJudgement> Items, IReadOnlyList<string> Problems);
