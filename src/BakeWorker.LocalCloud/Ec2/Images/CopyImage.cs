using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>CopyImage, called in the Region that gets the copy.</summary>
internal static class CopyImage
{
    private const int MaxToken = 128;

    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        if (call.Input.String("ClientToken") is { Length: > MaxToken })
        {
            throw Ec2Errors.InvalidValue($"The parameter clientToken has at most {MaxToken} characters.");
        }

        if (call.Region.CopyTokens.Find("", call.Input) is { } earlier)
        {
            return Of(Value("imageId", earlier[0]));
        }

        var (source, sourceRegion) = Source(call);
        var name = ImageNames.Read(call);
        var description = ImageNames.Description(call.Input.String("Description"));
        var tags = TagSpecifications.Read(call.Input, "image", "snapshot");
        if (call.Input.Has("KmsKeyId") && !call.Input.Bool("Encrypted"))
        {
            throw new CloudException("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.");
        }

        call.EndDryRun();
        var devices = source.Devices.Select(device => CopySnapshot(call, tags, source, device)).ToList();
        var image = Make(call, source, sourceRegion, name, description, devices);
        if (call.Input.Bool("CopyImageTags") && source.OwnerId == call.OwnerId)
        {
            TagRules.Apply(image, source.Tags);
        }

        call.Region.ImageLife.Copy(tags.Put(image), source);
        call.Region.CopyTokens.Record("", call.Input, image.Id);
        return Of(Value("imageId", image.Id));
    }

    private static (Image Image, string Region) Source(Ec2Call call)
    {
        var regionName = call.Input.Required("SourceRegion");
        var region = call.State.FindRegion(regionName) ?? throw Ec2Errors.InvalidValue($"Invalid region provided: {regionName}");
        var image = region.Images.Get(call.Input.Required("SourceImageId"));
        if (!image.IsLaunchableBy(call.OwnerId))
        {
            throw region.Images.NotFound(image.Id);
        }

        if (image.State != ImageState.Available)
        {
            throw new CloudException("InvalidAMIID.Unavailable", $"The image ID '{image.Id}' is not available: it is {image.State.Word()}");
        }

        return image.OwnerId == call.OwnerId || image.UsageOperation == "RunInstances"
            ? (image, regionName)
            : throw new CloudException("InvalidRequest", "Images with EC2 BillingProduct codes cannot be copied to another AWS account.");
    }

    private static BlockDevice CopySnapshot(Ec2Call call, TagSpecifications tags, Image source, BlockDevice device)
    {
        if (device.SnapshotId is null)
        {
            return device;
        }

        // A key lives in one Region: what was encrypted elsewhere is encrypted here with this Region's own.
        var isEncrypted = device.IsEncrypted || call.Input.Bool("Encrypted");
        var key = isEncrypted
            ? call.Account.Keys.ResolveForDisk(call.Region.Name, call.Input.String("KmsKeyId") ?? SameRegionKey(call, device))
            : null;
        var snapshot = new Snapshot(call.NewId("snap"), call.OwnerId, call.Now)
        {
            SizeGiB = device.SizeGiB,
            IsEncrypted = isEncrypted,
            KmsKeyId = key,
            Description = $"Copied for DestinationAmi from SourceAmi {source.Id} for SourceSnapshot {device.SnapshotId}",
        };
        call.Region.Snapshots.Add(tags.Put(snapshot));
        return device with { SnapshotId = snapshot.Id, IsEncrypted = isEncrypted, KmsKeyId = key };
    }

    private static string? SameRegionKey(Ec2Call call, BlockDevice device) =>
        device.KmsKeyId is { } key && call.Account.Keys.IsUsableForDisk(call.Region.Name, key) ? key : null;

    private static Image Make(
        Ec2Call call,
        Image source,
        string sourceRegion,
        string name,
        string description,
        List<BlockDevice> devices
    ) =>
        new(call.NewId("ami"), call.OwnerId, name, call.Now)
        {
            Description = description.Length > 0 ? description : $"[Copied {source.Id} from {sourceRegion}] {source.Description}".TrimEnd(),
            Architecture = source.Architecture,
            RootDevice = source.RootDevice,
            Devices = devices,
            DiskId = devices.Find(device => device.Name == source.RootDevice)?.SnapshotId ?? "",
            PlatformDetails = source.PlatformDetails,
            UsageOperation = source.UsageOperation,
            IsWindows = source.IsWindows,
            BootMode = source.BootMode,
            TpmSupport = source.TpmSupport,
            ImdsSupport = source.ImdsSupport,
            SourceImageId = source.Id,
            SourceImageRegion = sourceRegion,
        };
}
