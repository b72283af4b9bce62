using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Account;
using BakeWorker.LocalCloud.Kms;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>DeleteSnapshot, and who may use a snapshot.</summary>
internal static class SnapshotActions
{
    private const string Everybody = "all";

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var snapshot = call.Region.Snapshots.Get(call.Input.Required("SnapshotId"));
        if (FindUser(call.Region, snapshot) is { } imageId)
        {
            throw new CloudException("InvalidSnapshot.InUse", $"The snapshot {snapshot.Id} is currently in use by {imageId}");
        }

        Remove(call.Region, snapshot);
        return True;
    }

    public static IEnumerable<XElement> Modify(Ec2Call call)
    {
        var snapshot = call.Region.Snapshots.Get(call.Input.Required("SnapshotId"));
        var change = call.Input.Structure("CreateVolumePermission");
        var adds = Names(change.Structures("Add"));
        var removes = Names(change.Structures("Remove"));
        var flat = call.Input.Strings("UserId").Concat(call.Input.Strings("UserGroup")).ToList();
        (call.Input.String("OperationType") == "remove" ? removes : adds).AddRange(flat);
        Check(call, snapshot, adds, removes);
        snapshot.Permissions.UnionWith(adds);
        snapshot.Permissions.ExceptWith(removes);
        return True;
    }

    public static IEnumerable<XElement> DescribeAttribute(Ec2Call call)
    {
        var snapshot = call.Region.Snapshots.Get(call.Input.Required("SnapshotId"));
        return call.Input.Required("Attribute") switch
        {
            "createVolumePermission" => Of(
                Value("snapshotId", snapshot.Id),
                Set("createVolumePermission", snapshot.Permissions, name => [Value(name == Everybody ? "group" : "userId", name)])
            ),
            "productCodes" => Of(Value("snapshotId", snapshot.Id), Group("productCodes")),
            var other => throw Ec2Errors.InvalidValue($"Value ({other}) for parameter attribute is invalid. Unknown snapshot attribute."),
        };
    }

    /// <summary>The image that a snapshot belongs to, unless it is the excepted one.</summary>
    public static string? FindUser(Ec2Region region, Snapshot snapshot, string? except = null) =>
        region.Images.FirstOrDefault(image => image.Id != except && image.Devices.Any(device => device.SnapshotId == snapshot.Id))?.Id;

    public static void Remove(Ec2Region region, Snapshot snapshot)
    {
        region.Snapshots.Remove(snapshot);
        region.State.Disks.Remove(snapshot.Id);
    }

    private static void Check(Ec2Call call, Snapshot snapshot, List<string> adds, List<string> removes)
    {
        const int MaxChanges = 500;
        if (adds.Count + removes.Count > MaxChanges || (adds.Count > 0 && removes.Count > 0))
        {
            throw Ec2Errors.InvalidCombination($"Either add or remove, and at most {MaxChanges} permissions in one call.");
        }

        if (snapshot.IsEncrypted && adds.Count > 0 && (adds.Contains(Everybody) || KeyBook.IsEbsOwn(snapshot.KmsKeyId)))
        {
            throw new CloudException("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared");
        }

        if (adds.Contains(Everybody) && call.Region.PublicAccess.Snapshots != PublicAccess.Unblocked)
        {
            throw new CloudException("OperationNotPermitted", "Block public access for snapshots is enabled for this account.");
        }
    }

    private static List<string> Names(IEnumerable<QueryInput> permissions) =>
        permissions.Select(permission => permission.String("UserId") ?? permission.Required("Group")).ToList();
}
