using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Skipping;

/// <summary>What a comparison with the image in use says of one part.</summary>
public enum PartState
{
    Same,
    Changed,

    /// <summary>It could not be compared; that is a reason to bake, as a change is.</summary>
    Unknown,

    /// <summary>Something else had changed already, or there is nothing to ask.</summary>
    NotAsked,
}

/// <summary>One part that was compared, and what was seen, as half a sentence.</summary>
public sealed record ComparedPart(string Name, PartState State, string? Detail = null)
{
    public const string Image = "image";
    public const string Base = "base";
    public const string Recipe = "recipe";
    public const string Parameters = "parameters";
    public const string Age = "age";
    public const string Findings = "findings";
    public const string Updates = "updates";

    public bool CallsForBake => State is PartState.Changed or PartState.Unknown;
}

/// <summary>What a bake would be made of, held against the image in use, part by part.</summary>
/// <param name="Image">Null when no image is in use.</param>
public sealed record Comparison(ImageId? Image, IReadOnlyList<ComparedPart> Parts)
{
    /// <summary>Nothing changed, provably: a bake would give the same image again.</summary>
    public bool IsSame => Image is not null && !Parts.Any(part => part.CallsForBake);

    /// <summary>The outcome in one sentence.</summary>
    public string Text =>
        IsSame
            ? $"nothing changed since {Image}"
            : string.Join(
                "; ",
                Parts
                    .Where(part => part.CallsForBake)
                    .Select(part => $"{part.Name} {(part.State == PartState.Changed ? "changed" : "cannot be compared")}: {part.Detail}")
            );
}
