using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Skipping;

/// <summary>The image that consumers of a recipe get now. <paramref name="Image"/> is null where EC2 does not show it.</summary>
public sealed record ImageInUse(ImageId Id, Image? Image);

/// <summary>Finds the image in use: what the recipe's pointer names; of a recipe without a pointer, what it released last.</summary>
public sealed class ImagesInUse(ICloud cloud)
{
    public async Task<ImageInUse?> FindAsync(Recipe recipe, CancellationToken ct)
    {
        var images = cloud.Home.Images;
        if (recipe.Publish.Pointer is { } name)
        {
            return await cloud.Home.Pointers.FindAsync(name, ct) is { Image: var id }
                ? new ImageInUse(id, (await images.ReadAsync([id], ct)).GetValueOrDefault(id))
                : null;
        }

        var released = (await images.ListAsync(recipe.Name, ct)).Where(image => image.IsReleased);
        return released.MaxBy(image => ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt)) is { } last
            ? new ImageInUse(last.Id, last)
            : null;
    }
}
