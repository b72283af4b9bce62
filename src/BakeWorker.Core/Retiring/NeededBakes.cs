using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Retiring;

/// <summary>
/// Bakes that consumers get in some Region, or would get by a rollback or by a version that they name. They stay in every Region, so that all
/// Regions can go there together.
/// </summary>
public sealed class NeededBakes
{
    private readonly Dictionary<string, string> _reasons = [];

    /// <summary>Why the bake stays; null when no pointer or launch template of the recipe needs it.</summary>
    public string? Find(Image image) => _reasons.GetValueOrDefault(BakeOf(image));

    public static async Task<NeededBakes> ReadAsync(Recipe recipe, IReadOnlyList<PublishedPlace> places, CancellationToken ct)
    {
        var needed = new NeededBakes();
        foreach (var place in places)
        {
            foreach (var image in place.Current)
            {
                needed.Add(image, $"consumers get its bake in {place.Region.Name}");
            }

            await needed.AddLabelledAsync(recipe, place, ct);
        }

        // Only Regions of today's recipe can be rolled back.
        var own = places.Where(place => recipe.Publish.Regions.Contains(place.Region.Name) || place == places[^1]).ToList();
        if (RollbackChoice.Find(recipe, own) is { } previous)
        {
            needed._reasons.TryAdd(previous, "a rollback would go to its bake");
        }

        return needed;
    }

    private async Task AddLabelledAsync(Recipe recipe, PublishedPlace place, CancellationToken ct)
    {
        var versions = recipe.Publish.Pointer is { } name ? await place.Region.Pointers.ListVersionsAsync(name, ct) : [];
        foreach (var version in versions.Where(version => version.Labels.Count > 0))
        {
            if (place.Images.FirstOrDefault(image => image.Id == version.Image) is { } image)
            {
                Add(
                    image,
                    $"version {version.Version} of {recipe.Publish.Pointer} in {place.Region.Name} has the label {version.Labels[0]}"
                );
            }
        }
    }

    private void Add(Image image, string reason) => _reasons.TryAdd(BakeOf(image), reason);

    private static string BakeOf(Image image) => image.Tags.GetValueOrDefault(ResourceTags.BakeId, image.Id.Value);
}
