using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Output;

/// <summary>A bake as its resources tell it.</summary>
public sealed record SeenBake(string BakeId, string Recipe, string State, DateTimeOffset? StartedAt)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string? Image => HomeImage?.Id.Value;
    public string? ReleasedAt => HomeImage?.Tags.GetValueOrDefault(ResourceTags.ReleasedAt);
    public string? Worker { get; init; }
    public IReadOnlyList<string> Instances => [.. Machines.Where(instance => !instance.IsGone).Select(instance => instance.Id.Value)];

    /// <summary>Every instance that EC2 still shows, the terminated ones included.</summary>
    public IReadOnlyList<Instance> Machines { get; init; } = [];
    public Image? HomeImage { get; init; }

    /// <summary>How it ended, where it failed and an instance still tells.</summary>
    public ToldEnd? End { get; init; }

    /// <summary>All bakes of the home Region, the youngest first.</summary>
    public static async Task<IReadOnlyList<SeenBake>> ListAsync(ICloud cloud, CancellationToken ct) =>
        From(await cloud.Home.Instances.ListAsync(ct), await cloud.Home.Images.ListAsync(null, ct));

    /// <summary>The bakes that these resources belong to, the youngest first.</summary>
    public static IReadOnlyList<SeenBake> From(IReadOnlyList<Instance> instances, IReadOnlyList<Image> images)
    {
        var (machines, pictures) = (instances.ToLookup(one => IdOf(one.Tags)), images.ToLookup(one => IdOf(one.Tags)));
        return
        [
            .. machines
                .Select(group => group.Key)
                .Concat(pictures.Select(group => group.Key))
                .OfType<string>()
                .Distinct()
                .Select(id => Of(id, [.. machines[id]], pictures[id].MaxBy(image => image.CreatedAt)))
                .OrderByDescending(bake => bake.StartedAt)
                .ThenBy(bake => bake.BakeId),
        ];
    }

    public static string ToJson(IEnumerable<SeenBake> bakes) =>
        new JsonArray([.. bakes.Select(bake => bake.ToJson())]).ToJsonString(Readable);

    private static SeenBake Of(string id, IReadOnlyList<Instance> instances, Image? image)
    {
        var tags = image?.Tags ?? instances[0].Tags;
        return new SeenBake(id, tags.GetValueOrDefault(ResourceTags.Recipe) ?? "?", StateOf(instances, image), Start(instances, image))
        {
            HomeImage = image,
            Machines = instances,
            Worker = instances.Select(instance => instance.Tags.GetValueOrDefault(ResourceTags.Worker)).OfType<string>().FirstOrDefault(),
            // While something of it lives, the end that an earlier request for it came to counts no more.
            End = instances.Any(instance => instance is { IsGone: false, IsKept: false })
                ? null
                : instances
                    .OrderByDescending(instance => instance.LaunchedAt)
                    .Select(instance => ToldEnd.Find(instance.Tags))
                    .FirstOrDefault(end => end is not null),
        };
    }

    private static string StateOf(IReadOnlyList<Instance> instances, Image? image)
    {
        var living = instances.Where(instance => !instance.IsGone).ToList();
        return image switch
        {
            { State: ImageState.Disabled } => "disabled",
            { State: ImageState.Failed } => "image failed",
            { IsReleased: true } => "published",
            { State: ImageState.Pending } => "capturing",
            { } when image.Tags.ContainsKey(ResourceTags.Verdict) => "publishing",
            { } when living.Count > 0 => "testing",
            { } => "captured",
            null when living.Any(instance => instance.Tags.ContainsKey(ResourceTags.Sealing)) => "sealing",
            null when living.Exists(instance => !instance.IsKept) => "building",
            null when living.Count > 0 => "ended, builder kept",
            null => "ended",
        };
    }

    private static DateTimeOffset? Start(IReadOnlyList<Instance> instances, Image? image) =>
        instances.Select(instance => instance.LaunchedAt).Append(image?.CreatedAt).Where(time => time is not null).Min();

    private static string? IdOf(IReadOnlyDictionary<string, string> tags) => tags.GetValueOrDefault(ResourceTags.BakeId);

    private JsonObject ToJson() =>
        new()
        {
            ["bakeId"] = BakeId,
            ["recipe"] = Recipe,
            ["state"] = State,
            ["startedAt"] = StartedAt,
            ["image"] = Image,
            ["releasedAt"] = ReleasedAt,
            ["worker"] = Worker,
            ["outcome"] = End?.Outcome.ToString().ToLowerInvariant(),
            ["reason"] = End?.Reason,
            ["instances"] = new JsonArray([.. Instances.Select(instance => (JsonNode)instance)]),
        };
}
