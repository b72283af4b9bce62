namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Between images and their manifests.</summary>
internal static class ImageManifests
{
    public static ImageManifest Of(Ec2Region region, Image image, string? archive) =>
        new()
        {
            ImageId = image.Id,
            Name = image.Name,
            Region = region.Name,
            Owner = image.OwnerId,
            Created = image.CreatedAt,
            Description = image.Description,
            Architecture = image.Architecture,
            PlatformDetails = image.PlatformDetails,
            UsageOperation = image.UsageOperation,
            IsWindows = image.IsWindows,
            BootMode = image.BootMode,
            ImdsSupport = image.ImdsSupport,
            IsDisabled = image.State == ImageState.Disabled,
            DeprecatedAt = image.DeprecatedAt,
            SourceInstanceId = image.SourceInstanceId,
            SourceImageId = image.SourceImageId,
            SourceImageRegion = image.SourceImageRegion,
            Tags = image.Tags,
            SharedWith = image.Permissions,
            RootDevice = image.RootDevice,
            Devices = image
                .Devices.Select(device => new DeviceManifest(device, region.Snapshots.Find(device.SnapshotId ?? "")?.Tags ?? []))
                .ToList(),
            Archive = archive,
        };

    public static Image ToImage(ImageManifest manifest)
    {
        var devices = manifest.Devices.Select(entry => entry.Device).ToList();
        var image = new Image(manifest.ImageId, manifest.Owner, manifest.Name, manifest.Created)
        {
            Description = manifest.Description,
            Architecture = manifest.Architecture,
            PlatformDetails = manifest.PlatformDetails,
            UsageOperation = manifest.UsageOperation,
            IsWindows = manifest.IsWindows,
            BootMode = manifest.BootMode,
            ImdsSupport = manifest.ImdsSupport,
            State = manifest.IsDisabled ? ImageState.Disabled : ImageState.Available,
            DeprecatedAt = manifest.DeprecatedAt,
            SourceInstanceId = manifest.SourceInstanceId,
            SourceImageId = manifest.SourceImageId,
            SourceImageRegion = manifest.SourceImageRegion,
            RootDevice = manifest.RootDevice,
            Devices = devices,
            DiskId = devices.Find(device => device.Name == manifest.RootDevice)?.SnapshotId ?? "",
        };
        image.Permissions.AddRange(manifest.SharedWith);
        return image;
    }
}
