using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Disks;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>DeregisterImage: the snapshots stay unless asked for, and then those that another image uses.</summary>
internal static class DeregisterImage
{
    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var image = OwnImages.Get(call);
        ImageRetirement.RefuseProtected(call, image);
        call.Region.Images.Remove(image);
        call.State.Shelf.Forget(image);
        var results = call.Input.Bool("DeleteAssociatedSnapshots") ? image.Devices.Select(device => Delete(call, device)).ToList() : [];
        return Of(
            Value("return", value: true),
            Set(
                "deleteSnapshotResultSet",
                results.Where(result => result.SnapshotId is not null),
                result => [Value("snapshotId", result.SnapshotId), Value("returnCode", result.Code)]
            )
        );
    }

    private static (string? SnapshotId, string Code) Delete(Ec2Call call, BlockDevice device)
    {
        if (device.SnapshotId is not { } id || call.Region.Snapshots.Find(id) is not { } snapshot)
        {
            return (null, "");
        }

        if (SnapshotActions.FindUser(call.Region, snapshot) is not null)
        {
            return (id, "skipped");
        }

        SnapshotActions.Remove(call.Region, snapshot);
        return (id, "success");
    }
}
