using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>
/// Launch permissions, and those of the snapshots where the recipe asks for it; what EC2 shows afterwards is what counts. Whom a recipe may share
/// with is the operator's policy's business.
/// </summary>
public sealed class ShareImages(ICloud cloud) : IPublishStep
{
    public async Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct)
    {
        var publish = recipe.Publish;
        if (!publish.Share.IsPublic)
        {
            return;
        }

        foreach (var region in cloud.RegionsOf(recipe))
        {
            if (region != cloud.Home || recipe.Builder.Encrypted)
            {
                obstacles.Add(
                    region.Name,
                    "the image would be encrypted, and EC2 makes no encrypted image public",
                    "write builder.rootVolume.encrypted: false, and publish in one Region only: copies are always encrypted"
                );
            }

            if (!await region.Settings.AllowsPublicImagesAsync(ct))
            {
                obstacles.Add(region.Name, "the account blocks public access to AMIs", "unblock it there, or remove publish.share.public");
            }

            if (publish.ShareSnapshots && !await region.Settings.AllowsPublicSnapshotsAsync(ct))
            {
                obstacles.Add(
                    region.Name,
                    "the account blocks public access to snapshots",
                    "unblock it there, or remove publish.share.snapshots"
                );
            }
        }
    }

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var publish = run.Bake.Recipe.Publish;
        if (publish.Share.IsEmpty)
        {
            return;
        }

        foreach (var image in images)
        {
            var region = cloud.In(image.Region);
            Expect(publish.Share, await region.Images.EnsurePermissionsAsync(image.Id, publish.Share, ct), $"{image.Id}", image.Region);
            foreach (var snapshot in SnapshotsOf(publish, image))
            {
                var granted = await region.Snapshots.EnsurePermissionsAsync(snapshot, OfSnapshots(publish), ct);
                Expect(OfSnapshots(publish), granted, $"{snapshot}", image.Region);
            }
        }
    }

    public async Task UndoAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        var (region, publish) = (cloud.In(image.Region), recipe.Publish);
        foreach (var snapshot in SnapshotsOf(publish, image))
        {
            await region.Snapshots.RemovePermissionsAsync(snapshot, OfSnapshots(publish), ct);
        }

        await region.Images.RemovePermissionsAsync(image.Id, publish.Share, ct);
    }

    // EC2 knows no organizations here.
    private static LaunchPermissions OfSnapshots(PublishSpec publish) =>
        new() { Accounts = publish.Share.Accounts, IsPublic = publish.Share.IsPublic };

    private static IEnumerable<SnapshotId> SnapshotsOf(PublishSpec publish, Image image) =>
        publish.ShareSnapshots ? image.Snapshots.Select(id => new SnapshotId(id)) : [];

    private static void Expect(LaunchPermissions wanted, LaunchPermissions granted, string what, string region)
    {
        if (wanted.MissingIn(granted) is { Count: > 0 } missing)
        {
            throw Failures.PublishFailed($"the permission of {what} for {string.Join(", ", missing)}", region, "absent");
        }
    }
}
