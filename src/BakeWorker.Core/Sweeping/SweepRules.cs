using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Sweeping;

/// <summary>
/// Judges what the cloud shows by its tags alone. A bake is alive until the latest deadline of anything it made: workers end their bakes at the
/// earliest deadline they meet, so later than that nobody works on it. What is not understood is kept.
/// </summary>
public sealed class SweepRules
{
    private static readonly string[] RolesOfInstances = ["builder", "tester", "trial", "probe"];
    private static readonly string[] RolesOfImages = ["image", "copy"];
    private readonly SweepOptions _options;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, DateTimeOffset> _deadlines;

    public SweepRules(IEnumerable<SweptItem> seen, SweepOptions options, DateTimeOffset now)
    {
        (_options, _now) = (options, now);
        _deadlines = seen.Select(item => (item.Bake, Deadline: ResourceTags.FindTime(item.Tags, ResourceTags.Deadline)))
            .Where(item => item is { Bake: not null, Deadline: not null })
            .GroupBy(item => item.Bake!, item => item.Deadline!.Value)
            .ToDictionary(bake => bake.Key, bake => bake.Max());
    }

    public SweepJudgement Judge(SweptItem item)
    {
        var keep = FindReasonToKeep(item);
        return new SweepJudgement(item, keep is null, keep ?? $"{Describe(item)}: {Orphaned(item)}");
    }

    private string? FindReasonToKeep(SweptItem item) =>
        FindOtherOwner(item) ?? (item.Tags.ContainsKey(ResourceTags.KeepUntil) ? FindKeeping(item) : FindYouth(item) ?? FindLife(item));

    private static string? FindOtherOwner(SweptItem item) =>
        item switch
        {
            { Bake: null or "" } => "carries no bake id, so it is not ours",
            { Kind: SweptKind.Snapshot } when item.Tags.ContainsKey(Snapshot.InspectorTag) => "is Inspector's own",
            { Kind: SweptKind.Snapshot, Image: { } image } => $"goes or stays with {image}",
            { Kind: SweptKind.Image } when item.Tags.TryGetValue(ResourceTags.ReleasedAt, out var at) => $"was released at {at}",
            // Backups of a machine carry its tags, and are somebody's.
            _ when !RolesOf(item.Kind).Contains(item.Tags.GetValueOrDefault(ResourceTags.Role)) =>
                $"has the role '{item.Tags.GetValueOrDefault(ResourceTags.Role)}', which no bake gives to such a thing",
            _ => null,
        };

    private static string[] RolesOf(SweptKind kind) => kind == SweptKind.Instance ? RolesOfInstances : RolesOfImages;

    private string? FindKeeping(SweptItem item) =>
        ResourceTags.FindTime(item.Tags, ResourceTags.KeepUntil) is not { } until
            ? $"is kept, and until when cannot be read: '{item.Tags[ResourceTags.KeepUntil]}'"
        : until > _now ? $"is kept for debugging until {until:u}"
        : null;

    private string? FindYouth(SweptItem item) =>
        item.BornAt is not { } born ? "has no time of birth yet"
        : _now - born < _options.Young ? $"is younger than {_options.Young.TotalMinutes:0.#} min"
        : null;

    private string? FindLife(SweptItem item) =>
        !_deadlines.TryGetValue(item.Bake!, out var deadline) || ResourceTags.FindTime(item.Tags, ResourceTags.Deadline) is null
            ? "carries no deadline that can be read"
        : deadline + _options.Grace > _now
            ? $"its bake may be at work until {deadline:u}"
                + (item.Tags.TryGetValue(ResourceTags.Cancel, out var at) ? $", cancelled at {at}" : "")
        : null;

    private string Orphaned(SweptItem item) =>
        item.Tags.ContainsKey(ResourceTags.KeepUntil)
            ? $"it was kept until {ResourceTags.FindTime(item.Tags, ResourceTags.KeepUntil):u}"
            : $"its bake had until {_deadlines[item.Bake!]:u}, and nobody works on it any more";

    private static string Describe(SweptItem item) => string.Join(' ', [.. item.State is "" ? [] : new[] { item.State }, Role(item)]);

    private static string Role(SweptItem item) =>
        item.Kind == SweptKind.Snapshot ? "snapshot without an image" : item.Tags.GetValueOrDefault(ResourceTags.Role) ?? "";
}
