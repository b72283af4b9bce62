using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Sweeping;

/// <summary>Removes what a bake made, after one more look at it. Every answer is null when the thing is gone, else the reason why it stays.</summary>
public sealed class Removal(ICloud cloud, Compensation compensation, RecipeSource recipes)
{
    public async Task<string?> InstanceAsync(string region, InstanceId id, CancellationToken ct)
    {
        await cloud.In(region).Instances.RemoveAsync(id, ct);
        return null;
    }

    /// <summary>
    /// Never an image that was released, nor one that somebody uses: a publication that broke off may have moved a pointer to it. Looked up now, not
    /// remembered.
    /// </summary>
    public async Task<string?> ImageAsync(string region, ImageId id, CancellationToken ct)
    {
        var images = cloud.In(region).Images;
        if (!(await images.ReadAsync([id], ct)).TryGetValue(id, out var image))
        {
            return null;
        }

        if (image.IsReleased)
        {
            return $"{id} was released";
        }

        if (await FindUserAsync(images, id, ct) is { } user)
        {
            return $"{user} uses {id}";
        }

        await images.RemoveAsync(image, ct);
        return null;
    }

    /// <summary>The same of an image whose bake nobody completes any more: what was published of it in part is taken back first.</summary>
    public async Task<string?> UnfinishedImageAsync(
        string region,
        ImageId id,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken ct
    )
    {
        if (
            tags.ContainsKey(ResourceTags.Publishing)
            && tags.TryGetValue(ResourceTags.BakeId, out var bake)
            && recipes.Find(tags.GetValueOrDefault(ResourceTags.Recipe, ""))?.Recipe is { } recipe
            && await compensation.RunAsync(recipe, new BakeId(bake), hasBegun: true, ct) is { Count: > 0 } left
        )
        {
            return string.Join(' ', left);
        }

        return await ImageAsync(region, id, ct);
    }

    public async Task<string?> SnapshotAsync(string region, SnapshotId id, CancellationToken ct) =>
        await cloud.In(region).Snapshots.RemoveAsync(id, ct) ? null : $"an image still needs {id}";

    // Instances run on without their image, and the bake's own tester is among them.
    private static async Task<string?> FindUserAsync(IImages images, ImageId id, CancellationToken ct)
    {
        var references = await images.ReadReferencesAsync([id], ct);
        return references.TryGetValue(id, out var users) ? users.FirstOrDefault(IsNoInstance) : "somebody";
    }

    private static bool IsNoInstance(string arn) => !arn.Contains(":instance/", StringComparison.Ordinal);
}
