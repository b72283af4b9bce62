using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>DescribeImages: everything the caller may launch, strangers' public images included unless owners are named.</summary>
internal static class DescribeImages
{
    private static readonly Filters<Image> Filters = new Filters<Image>()
        .On("image-id", image => image.Id)
        .On("name", image => image.Name)
        .On("description", image => image.Description)
        .On("owner-id", image => image.OwnerId)
        .On("owner-alias", image => image.OwnerAlias)
        .On("state", image => image.State.Word())
        .On("state-reason-code", image => image.Reason?.Code)
        .On("state-reason-message", image => image.Reason?.Message)
        .On("architecture", image => image.Architecture)
        .On("creation-date", image => image.CreatedAt)
        .On("is-public", image => image.IsPublic)
        .On("image-type", _ => "machine")
        .On("hypervisor", _ => "xen")
        .On("ena-support", _ => true)
        .On("virtualization-type", _ => "hvm")
        .On("root-device-type", _ => "ebs")
        .On("root-device-name", image => image.RootDevice)
        .On("platform", image => image.IsWindows ? "windows" : null)
        .On("platform-details", image => image.PlatformDetails)
        .On("usage-operation", image => image.UsageOperation)
        .On("boot-mode", image => image.BootMode)
        .On("imds-support", image => image.ImdsSupport)
        .On("source-instance-id", image => image.SourceInstanceId)
        .On("source-image-id", image => image.SourceImageId)
        .On("source-image-region", image => image.SourceImageRegion)
        .OnAny("block-device-mapping.snapshot-id", image => image.Devices.Select(device => device.SnapshotId))
        .OnAny("block-device-mapping.device-name", image => image.Devices.Select(device => device.Name))
        .OnAny("block-device-mapping.volume-size", image => image.Devices.Select(device => $"{device.SizeGiB}"))
        .OnAny("block-device-mapping.volume-type", image => image.Devices.Select(device => device.VolumeType))
        .OnAny("block-device-mapping.encrypted", image => image.Devices.Select(device => device.IsEncrypted ? "true" : "false"));

    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var listing = new Listing<Image>("imagesSet", Filters, image => ImageXml.Of(call, image)) { Paging = new(Min: 1) };
        return listing.Of(call.Input, Select(call));
    }

    private static IEnumerable<Image> Select(Ec2Call call)
    {
        var ids = call.Input.Strings("ImageId");
        var owners = call.Input.Strings("Owner");
        var executors = call.Input.Strings("ExecutableBy");
        var isDeprecatedShown = call.Input.Bool("IncludeDeprecated") || ids.Count > 0;
        var isDisabledShown = call.Input.Bool("IncludeDisabled");
        return Named(call, ids)
            .Where(image =>
                (owners.Count == 0 || owners.Any(owner => IsOwner(call, image, owner)))
                && (executors.Count == 0 || executors.Any(user => IsExecutable(call, image, user)))
                && (isDeprecatedShown || image.OwnerId == call.OwnerId || !image.IsDeprecated(call.Now))
                && (isDisabledShown || image.State != ImageState.Disabled)
            );
    }

    private static IEnumerable<Image> Named(Ec2Call call, IReadOnlyList<string> ids)
    {
        bool IsKnown(Image image) => image.IsLaunchableBy(call.OwnerId) && image.VisibleFrom <= call.Now;
        var images = call.Region.Images.Select(ids);
        return ids.Count > 0 && images.FirstOrDefault(image => !IsKnown(image)) is { } unknown
            ? throw call.Region.Images.NotFound(unknown.Id)
            : images.Where(IsKnown);
    }

    private static bool IsOwner(Ec2Call call, Image image, string owner) =>
        owner == "self" ? image.OwnerId == call.OwnerId : owner == image.OwnerId || owner == image.OwnerAlias;

    private static bool IsExecutable(Ec2Call call, Image image, string user) =>
        user switch
        {
            "all" => image.IsPublic,
            "self" => image.Permissions.Exists(permission => permission.UserId == call.OwnerId),
            _ => image.Permissions.Exists(permission => permission.UserId == user),
        };
}
