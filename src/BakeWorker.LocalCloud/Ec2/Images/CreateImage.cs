using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>CreateImage, from a stopped instance or a running one.</summary>
internal static class CreateImage
{
    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var instance = InstanceActions.GetVisible(call);
        var name = ImageNames.Read(call);
        var description = ImageNames.Description(call.Input.String("Description"));
        var tags = TagSpecifications.Read(call.Input, "image", "snapshot");
        if (instance.State is not (InstanceState.Running or InstanceState.Stopped))
        {
            throw new CloudException(
                "IncorrectState",
                $"Instance '{instance.Id}' is not in the 'running' or 'stopped' state: it is {instance.State.Word()}."
            );
        }

        var devices = Devices(call, instance);
        call.EndDryRun();
        var snapshots = devices.Select(device => Snapshot(call, tags, instance, device)).ToList();
        var image = tags.Put(Make(call, instance, name, description, snapshots));
        call.Region.ImageLife.Capture(image, instance, mayReboot: !call.Input.Bool("NoReboot"));
        return Of(Value("imageId", image.Id));
    }

    private static Image Make(Ec2Call call, Instance instance, string name, string description, List<BlockDevice> devices)
    {
        var source = instance.Image;
        return new Image(call.NewId("ami"), call.OwnerId, name, call.Now)
        {
            Description = description,
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
            SourceInstanceId = instance.Id,
            SourceImageId = source.Id,
            SourceImageRegion = call.Region.Name,
        };
    }

    /// <summary>The instance's volumes with the call's changes; size and encryption of what exists cannot change.</summary>
    private static List<BlockDevice> Devices(Ec2Call call, Instance instance)
    {
        var present = instance
            .Volumes.Select(volume => volume.Device with { DeleteOnTermination = volume.DeleteOnTermination, SnapshotId = null })
            .ToList();
        var devices = BlockDevices.Merge(call, call.Input, present);
        foreach (var device in devices)
        {
            var before = present.Find(old => old.Name == device.Name);
            if (before is not null && (before.SizeGiB, before.IsEncrypted) != (device.SizeGiB, device.IsEncrypted))
            {
                throw new CloudException(
                    "InvalidBlockDeviceMapping",
                    $"Size and encryption of the existing device {device.Name} cannot change."
                );
            }
        }

        return devices.Exists(device => device.Name == instance.Image.RootDevice)
            ? devices
            : throw new CloudException("InvalidBlockDeviceMapping", "The root device cannot be left out.");
    }

    private static BlockDevice Snapshot(Ec2Call call, TagSpecifications tags, Instance instance, BlockDevice device)
    {
        var volume = instance.Volumes.Find(volume => volume.Device.Name == device.Name);
        if (volume is null)
        {
            return device;
        }

        var snapshot = new Snapshot(call.NewId("snap"), call.OwnerId, call.Now)
        {
            VolumeId = volume.Id,
            SizeGiB = device.SizeGiB,
            IsEncrypted = device.IsEncrypted,
            KmsKeyId = device.KmsKeyId,
            Description = $"Created by CreateImage({instance.Id})",
        };
        call.Region.Snapshots.Add(tags.Put(snapshot));
        return device with { SnapshotId = snapshot.Id };
    }
}
