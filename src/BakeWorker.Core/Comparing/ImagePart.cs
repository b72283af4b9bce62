namespace BakeWorker.Core.Comparing;

/// <summary>One kind of thing that is in an image, such as packages: every thing with what may differ of it, such as its version.</summary>
/// <param name="Things">Null where nobody knows.</param>
/// <param name="Unknown">Why nobody knows.</param>
public sealed record ImagePart(string Name, IReadOnlyDictionary<string, string>? Things, string? Unknown = null)
{
    public const string Packages = "packages";
    public const string Files = "files";
    public const string Ports = "ports";
    public const string Findings = "findings";
}

/// <summary>An image with what is known of what is in it.</summary>
public sealed record ImageContents(Cloud.Image Image, IReadOnlyList<ImagePart> Parts)
{
    public ImagePart Part(string name) => Parts.First(part => part.Name == name);

    /// <summary>The same with a part that was found elsewhere in the place of that of its name.</summary>
    public ImageContents With(ImagePart part) => this with { Parts = [.. Parts.Select(known => known.Name == part.Name ? part : known)] };
}

/// <summary>A thing that is in both images, and not the same.</summary>
public sealed record ChangedThing(string Name, string Before, string After);

/// <summary>How two images differ in one kind of thing.</summary>
public sealed record PartDifference(string Name)
{
    /// <summary>Why it cannot be said; null when it can.</summary>
    public string? Unknown { get; init; }

    /// <summary>What came, with what is to say of it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Added { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> Removed { get; init; } = [];
    public IReadOnlyList<ChangedThing> Changed { get; init; } = [];

    public int Count => Added.Count + Removed.Count + Changed.Count;

    /// <summary>Everything in the order of names.</summary>
    public static PartDifference Between(ImagePart before, ImagePart after)
    {
        if (before.Things is not { } had || after.Things is not { } has)
        {
            return new PartDifference(before.Name) { Unknown = before.Things is null ? before.Unknown : after.Unknown };
        }

        return new PartDifference(before.Name)
        {
            Added = [.. Sorted(has).Where(thing => !had.ContainsKey(thing.Key))],
            Removed = [.. Sorted(had).Where(thing => !has.ContainsKey(thing.Key))],
            Changed =
            [
                .. Sorted(has)
                    .Where(thing => had.TryGetValue(thing.Key, out var was) && was != thing.Value)
                    .Select(thing => new ChangedThing(thing.Key, had[thing.Key], thing.Value)),
            ],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> things) =>
        things.OrderBy(thing => thing.Key, StringComparer.Ordinal);
}
