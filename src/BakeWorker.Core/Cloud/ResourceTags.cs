using System.Globalization;

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

    /// <summary><c>sha256:…</c> of the values of all parameters: with base and recipe digest the fingerprint of a bake.</summary>
    public const string Parameters = Prefix + "parameters";
    public const string SourceImage = Prefix + "source-image";
    public const string Owner = Prefix + "owner";

    /// <summary>On builder and image of a bake that was wanted only if something changed: what had.</summary>
    public const string Because = Prefix + "because";

    /// <summary>UTC time, round-trip format, after which nobody needs the resource any more.</summary>
    public const string Deadline = Prefix + "deadline";
    public const string Worker = Prefix + "worker";
    public const string Generation = Prefix + "generation";
    public const string TraceParent = Prefix + "traceparent";

    /// <summary>On a builder whose seal was armed: only then does <c>stopped</c> mean sealed.</summary>
    public const string Sealing = Prefix + "sealing";

    /// <summary>UTC time at which somebody asked to stop the bake: its worker sees it in reads that happen anyway.</summary>
    public const string Cancel = Prefix + "cancel";

    /// <summary>On the builder of a failed bake whose recipe wants to keep it: UTC time until which nobody touches it.</summary>
    public const string KeepUntil = Prefix + "keep-until";

    /// <summary>On an instance of a bake that failed for good, before it is terminated: how it ended and why (<see cref="Bakes.ToldEnd"/>).</summary>
    public const string Outcome = Prefix + "outcome";

    /// <summary>On the home image: UTC time from which on somebody may see it. Too late to cancel.</summary>
    public const string Publishing = Prefix + "publishing";

    /// <summary>On images: <see cref="Passed"/> once every gate has.</summary>
    public const string Verdict = Prefix + "verdict";
    public const string Passed = "passed";

    /// <summary>On images: when they were judged, and how many findings of each severity they went on with.</summary>
    public const string Findings = Prefix + "findings";
    public const string ReleasedAt = Prefix + "released-at";

    /// <summary>UTC time at which somebody rolled back from this image: no longer a good one.</summary>
    public const string WithdrawnAt = Prefix + "withdrawn-at";

    /// <summary>UTC time at which retirement disabled this image; EC2 does not tell it.</summary>
    public const string DisabledAt = Prefix + "disabled-at";

    /// <summary>On images: <c>sha256:…</c> of the signed statement that names every document of its proof by digest.</summary>
    public const string Provenance = Prefix + "provenance";

    /// <summary>UTC to the second: how every time stands in a tag.</summary>
    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time in a tag; null when there is none, or none that can be read.</summary>
    public static DateTimeOffset? FindTime(IReadOnlyDictionary<string, string> tags, string tag) =>
        DateTimeOffset.TryParse(tags.GetValueOrDefault(tag), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
}
