using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>DescribeVolumes and DescribeSnapshots.</summary>
internal static class DescribeDisks
{
    private static readonly Listing<Volume> VolumeListing = new(
        "volumeSet",
        new Filters<Volume>()
            .On("volume-id", volume => volume.Id)
            .On("snapshot-id", volume => volume.Device.SnapshotId)
            .On("attachment.instance-id", volume => volume.Instance?.Id)
            .On("attachment.device", volume => volume.Instance is null ? null : volume.Device.Name)
            .On("attachment.status", volume => volume.Instance is null ? null : "attached")
            .On("attachment.delete-on-termination", volume => volume.DeleteOnTermination)
            .On("availability-zone", volume => volume.Zone.Name)
            .On("create-time", volume => volume.CreatedAt)
            .On("encrypted", volume => volume.Device.IsEncrypted)
            .On("size", volume => $"{volume.Device.SizeGiB}")
            .On("status", volume => volume.State)
            .On("volume-type", volume => volume.Device.VolumeType),
        Render
    )
    {
        Paging = new(IdParameter: "VolumeId"),
    };

    private static readonly Listing<Snapshot> SnapshotListing = new(
        "snapshotSet",
        new Filters<Snapshot>()
            .On("snapshot-id", snapshot => snapshot.Id)
            .On("volume-id", snapshot => snapshot.VolumeId)
            .On("volume-size", snapshot => $"{snapshot.SizeGiB}")
            .On("description", snapshot => snapshot.Description)
            .On("encrypted", snapshot => snapshot.IsEncrypted)
            .On("owner-id", snapshot => snapshot.OwnerId)
            .On("progress", snapshot => snapshot.Progress)
            .On("start-time", snapshot => snapshot.StartedAt)
            .On("status", snapshot => snapshot.State)
            .On("storage-tier", _ => "standard"),
        Render
    )
    {
        Paging = new(IdParameter: "SnapshotId"),
    };

    public static IEnumerable<XElement> Volumes(Ec2Call call) =>
        VolumeListing.Of(call.Input, call.Region.Volumes.Select(call.Input.Strings("VolumeId")));

    public static IEnumerable<XElement> Snapshots(Ec2Call call)
    {
        var owners = call.Input.Strings("Owner").Select(owner => owner == "self" ? call.OwnerId : owner).ToList();
        var restorers = call.Input.Strings("RestorableBy").Select(user => user == "self" ? call.OwnerId : user).ToList();
        var snapshots = call.Region.Snapshots.Select(call.Input.Strings("SnapshotId"));
        return SnapshotListing.Of(
            call.Input,
            snapshots.Where(snapshot =>
                snapshot.VisibleFrom <= call.Now
                && (owners.Count == 0 || owners.Contains(snapshot.OwnerId))
                && (restorers.Count == 0 || restorers.Exists(user => user == snapshot.OwnerId || snapshot.Permissions.Contains(user)))
            )
        );
    }

    private static IEnumerable<object?> Render(Volume volume) =>
        [
            Value("volumeId", volume.Id),
            Value("size", volume.Device.SizeGiB),
            Value("snapshotId", volume.Device.SnapshotId ?? ""),
            Value("availabilityZone", volume.Zone.Name),
            Value("availabilityZoneId", volume.Zone.Id),
            Value("status", volume.State),
            Value("createTime", volume.CreatedAt),
            Value("volumeType", volume.Device.VolumeType),
            Value("iops", volume.Device.Iops),
            Value("throughput", volume.Device.Throughput),
            Value("encrypted", volume.Device.IsEncrypted),
            Value("kmsKeyId", volume.Device.KmsKeyId),
            Value("multiAttachEnabled", value: false),
            Set<Instance>("attachmentSet", volume.Instance is { } instance ? [instance] : [], instance => Attachment(volume, instance.Id)),
            Tags(volume),
        ];

    private static IEnumerable<object?> Attachment(Volume volume, string instanceId) =>
        [
            Value("volumeId", volume.Id),
            Value("instanceId", instanceId),
            Value("device", volume.Device.Name),
            Value("status", "attached"),
            Value("attachTime", volume.CreatedAt),
            Value("deleteOnTermination", volume.DeleteOnTermination),
        ];

    private static IEnumerable<object?> Render(Snapshot snapshot) =>
        [
            Value("snapshotId", snapshot.Id),
            Value("volumeId", snapshot.VolumeId),
            Value("status", snapshot.State),
            Value("statusMessage", snapshot.StateMessage),
            Value("startTime", snapshot.StartedAt),
            Value("completionTime", snapshot.CompletedAt),
            Value("progress", snapshot.Progress),
            Value("ownerId", snapshot.OwnerId),
            Value("volumeSize", snapshot.SizeGiB),
            Value("description", snapshot.Description),
            Value("encrypted", snapshot.IsEncrypted),
            Value("kmsKeyId", snapshot.KmsKeyId),
            Value("storageTier", "standard"),
            Tags(snapshot),
        ];
}
