using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    public string? Image { get; init; }
    public string? ReleasedAt { get; init; }
    public string? Worker { get; init; }
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>All bakes of the home Region, the youngest first.</summary>
    public static async Task<IReadOnlyList<SeenBake>> ListAsync(ICloud cloud, CancellationToken ct)
    {
        var instances = await cloud.Home.Instances.ListAsync(ct);
        var images = await cloud.Home.Images.ListAsync(null, ct);
        var ids = instances.Select(instance => instance.Tags).Concat(images.Select(image => image.Tags)).Select(IdOf).OfType<string>();
        return
        [
            .. ids.Distinct()
                .Select(id =>
                    Of(
                        id,
                        [.. instances.Where(instance => IdOf(instance.Tags) == id)],
                        images.Where(image => IdOf(image.Tags) == id).MaxBy(image => image.CreatedAt)
                    )
                )
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
            Image = image?.Id.Value,
            ReleasedAt = image?.Tags.GetValueOrDefault(ResourceTags.ReleasedAt),
            Worker = instances.Select(instance => instance.Tags.GetValueOrDefault(ResourceTags.Worker)).OfType<string>().FirstOrDefault(),
            Instances = [.. instances.Where(instance => !instance.IsGone).Select(instance => instance.Id.Value)],
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
            ["instances"] = new JsonArray([.. Instances.Select(instance => (JsonNode)instance)]),
        };
}
