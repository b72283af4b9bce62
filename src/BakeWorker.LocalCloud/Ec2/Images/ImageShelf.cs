using System.Text.Json;
using BakeWorker.LocalCloud.Ec2.Disks;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Keeps the account's own images as <c>images/AMI-ID.json</c> in the data folder, so that they outlive the process.</summary>
internal sealed class ImageShelf(LocalCloudAccount account)
{
    private string? Folder => account.Options.DataFolder is { } data ? Path.Combine(data, "images") : null;

    /// <summary>Writes the image down, now and whenever it or its snapshots' tags change.</summary>
    public void Keep(Ec2Region region, Image image)
    {
        if (Folder is null)
        {
            return;
        }

        image.Changed = () => Write(region, image);
        foreach (var snapshot in Snapshots(region, image))
        {
            snapshot.Tagged = image.Changed;
        }

        image.Changed();
    }

    public void Forget(Image image)
    {
        image.Changed = null;
        if (Folder is not null)
        {
            File.Delete(PathOf(image.Id));
        }
    }

    /// <summary>Puts every image back that an earlier process kept, in the order they were made.</summary>
    public void Load(Ec2State state)
    {
        if (Folder is null || !Directory.Exists(Folder))
        {
            return;
        }

        var manifests = Directory.GetFiles(Folder, "ami-*.json").Select(Read).OfType<ImageManifest>();
        foreach (var manifest in manifests.OrderBy(manifest => manifest.Created).ThenBy(manifest => manifest.ImageId))
        {
            if (state.FindRegion(manifest.Region) is { } region && region.Images.Find(manifest.ImageId) is null)
            {
                Restore(region, manifest);
            }
        }
    }

    private void Restore(Ec2Region region, ImageManifest manifest)
    {
        foreach (var (device, tags) in manifest.Devices.Select(entry => (entry.Device, entry.SnapshotTags)))
        {
            if (device.SnapshotId is not { } id || region.Snapshots.Find(id) is not null)
            {
                continue;
            }

            var snapshot = new Snapshot(id, manifest.Owner, manifest.Created)
            {
                SizeGiB = device.SizeGiB,
                IsEncrypted = device.IsEncrypted,
                KmsKeyId = device.KmsKeyId,
                Description = $"Kept with {manifest.ImageId}",
            };
            snapshot.Complete(manifest.Created);
            Copy(tags, snapshot);
            region.Snapshots.Add(snapshot);
        }

        var image = ImageManifests.ToImage(manifest);
        Copy(manifest.Tags, image);
        region.Images.Add(image);
        Keep(region, image);
    }

    private void Write(Ec2Region region, Image image)
    {
        var manifest = ImageManifests.Of(region, image, account.Guests.FindDisk(image.DiskId));
        Directory.CreateDirectory(Folder!);
        var draft = PathOf(image.Id) + ".tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(manifest, ManifestJson.Default.ImageManifest) + "\n");
        File.Move(draft, PathOf(image.Id), overwrite: true);
    }

    /// <summary>A file that is no manifest is not an image; it is left alone.</summary>
    private static ImageManifest? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ManifestJson.Default.ImageManifest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<Snapshot> Snapshots(Ec2Region region, Image image) =>
        image.Devices.Select(device => region.Snapshots.Find(device.SnapshotId ?? "")).OfType<Snapshot>();

    private static void Copy(IReadOnlyDictionary<string, string> tags, Resource resource)
    {
        foreach (var (key, value) in tags)
        {
            resource.Tags[key] = value;
        }
    }

    private string PathOf(string imageId) => Path.Combine(Folder!, imageId + ".json");
}
