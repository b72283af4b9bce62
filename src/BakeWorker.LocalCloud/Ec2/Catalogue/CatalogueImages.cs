using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;

namespace BakeWorker.LocalCloud.Ec2.Catalogue;

/// <summary>Puts the base images into a Region: of each family a recent one, an older one, and one that is deprecated.</summary>
internal static class CatalogueImages
{
    private static readonly TimeSpan[] Ages = [TimeSpan.FromDays(10), TimeSpan.FromDays(40), TimeSpan.FromDays(130)];
    private static readonly TimeSpan DeprecatedSince = TimeSpan.FromDays(9);

    public static void Fill(Ec2Region region)
    {
        var now = region.State.Account.Clock.Now;
        foreach (var family in ImageFamilies.All)
        {
            foreach (var architecture in family.Architectures)
            {
                for (var generation = Ages.Length - 1; generation >= 0; generation--)
                {
                    region.Images.Add(Make(region, family, architecture, generation, now));
                }
            }
        }

        region.Images.Add(LookAlike(region, now));
    }

    private static Image Make(Ec2Region region, ImageFamily family, string architecture, int generation, DateTimeOffset now)
    {
        var createdAt = now - Ages[generation];
        var id = family.ImageId(region.Name, architecture, generation);
        var image = new Image(id, family.OwnerId, family.ImageName(architecture, createdAt), createdAt)
        {
            OwnerAlias = family.OwnerAlias,
            Description = family.Description,
            Architecture = architecture,
            RootDevice = family.RootDevice,
            Devices =
            [
                new BlockDevice(family.RootDevice)
                {
                    SnapshotId = Ec2Ids.Fixed("snap", id),
                    SizeGiB = family.RootGiB,
                    VolumeType = family.VolumeType,
                    Iops = 3000,
                    Throughput = family.VolumeType == "gp3" ? 125 : null,
                },
            ],
            DiskId = family.DiskId(architecture),
            PlatformDetails = family.PlatformDetails,
            UsageOperation = family.UsageOperation,
            IsWindows = family.IsWindows,
            BootMode = architecture == "arm64" ? "uefi" : family.BootMode,
            ImdsSupport = family.ImdsSupport,
            State = ImageState.Available,
            DeprecatedAt = generation == Ages.Length - 1 ? now - DeprecatedSince : createdAt.AddYears(2),
        };
        image.Permissions.Add(LaunchPermission.Everybody);
        return image;
    }

    /// <summary>A stranger's public image with a newer name than Debian's own: whoever looks by name alone takes it.</summary>
    private static Image LookAlike(Ec2Region region, DateTimeOffset now)
    {
        var debian = ImageFamilies.All[0];
        var createdAt = now - TimeSpan.FromDays(1);
        var id = Ec2Ids.Fixed("ami", region.Name, "look-alike");
        var image = new Image(id, LocalCloudDefaults.StrangerAccountId, debian.ImageName("x86_64", createdAt), createdAt)
        {
            Description = debian.Description,
            RootDevice = debian.RootDevice,
            Devices = [new BlockDevice(debian.RootDevice) { SnapshotId = Ec2Ids.Fixed("snap", id) }],
            DiskId = debian.DiskId("x86_64"),
            BootMode = debian.BootMode,
            State = ImageState.Available,
        };
        image.Permissions.Add(LaunchPermission.Everybody);
        return image;
    }
}
