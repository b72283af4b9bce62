namespace BakeWorker.Core.Cloud;

/// <summary>The tags of the resource contract (docs/resource-contract.md). They are the only record of a bake.</summary>
public static class ResourceTags
{
    public const string Prefix = "bakeworker:";
    public const string BakeId = Prefix + "bake-id";
    public const string Recipe = Prefix + "recipe";
    public const string RecipeDigest = Prefix + "recipe-digest";

    /// <summary><c>builder</c>, <c>tester</c>, <c>image</c> or <c>copy</c>.</summary>
    public const string Role = Prefix + "role";
    public const string SourceImage = Prefix + "source-image";
    public const string Owner = Prefix + "owner";

    /// <summary>UTC time, round-trip format, after which nobody needs the resource any more.</summary>
    public const string Deadline = Prefix + "deadline";
    public const string Worker = Prefix + "worker";
    public const string Generation = Prefix + "generation";
    public const string TraceParent = Prefix + "traceparent";

    /// <summary>On a builder whose seal was armed: only then does <c>stopped</c> mean sealed.</summary>
    public const string Sealing = Prefix + "sealing";

    /// <summary>On images: <c>passed</c> once every gate has.</summary>
    public const string Verdict = Prefix + "verdict";
    public const string ReleasedAt = Prefix + "released-at";
    public const string Provenance = Prefix + "provenance";
}
