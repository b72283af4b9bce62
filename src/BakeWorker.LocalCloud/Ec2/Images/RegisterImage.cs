using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>RegisterImage, from a snapshot: the image is there at once.</summary>
internal static class RegisterImage
{
    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var input = call.Input;
        var name = ImageNames.Read(call);
        var rootDevice = input.Required("RootDeviceName");
        var tags = TagSpecifications.Read(input, "image", "snapshot");
        var devices = BlockDevices.Merge(call, input, []);
        var root = devices.Find(device => device.Name == rootDevice);
        if (root?.SnapshotId is not { } snapshotId)
        {
            throw new CloudException("InvalidBlockDeviceMapping", $"A snapshot is needed for the root device {rootDevice}.");
        }

        if (call.Region.Snapshots.Get(snapshotId).State != "completed")
        {
            throw new CloudException("IncorrectState", $"The snapshot {snapshotId} is not completed.");
        }

        call.EndDryRun();
        var image = new Image(call.NewId("ami"), call.OwnerId, name, call.Now)
        {
            Description = ImageNames.Description(input.String("Description")),
            Architecture = Word(input, "Architecture", "x86_64", "x86_64", "arm64"),
            RootDevice = rootDevice,
            Devices = devices,
            DiskId = snapshotId,
            BootMode = input.Has("BootMode") ? Word(input, "BootMode", "", "legacy-bios", "uefi", "uefi-preferred") : null,
            TpmSupport = input.String("TpmSupport"),
            ImdsSupport = input.String("ImdsSupport"),
        };
        call.Region.ImageLife.Register(tags.Put(image));
        return Of(Value("imageId", image.Id));
    }

    private static string Word(QueryInput input, string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        var word = input.String(name) ?? fallback;
        return allowed.Contains(word) ? word : throw Ec2Errors.InvalidValue(name, word, $"Expecting one of {string.Join(", ", allowed!)}.");
    }
}
