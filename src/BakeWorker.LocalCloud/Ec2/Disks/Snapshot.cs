namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>A snapshot; a root snapshot's id is also the id of the guest's disk.</summary>
internal sealed class Snapshot(string id, string ownerId, DateTimeOffset startedAt) : Resource(id, "snapshot")
{
    public string OwnerId { get; } = ownerId;
    public DateTimeOffset StartedAt { get; } = startedAt;
    public string VolumeId { get; init; } = "vol-ffffffff";
    public int SizeGiB { get; init; }
    public string Description { get; init; } = "";
    public bool IsEncrypted { get; init; }
    public string? KmsKeyId { get; init; }

    /// <summary><c>pending</c>, <c>completed</c> or <c>error</c>.</summary>
    public string State { get; set; } = "pending";
    public string? StateMessage { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>Accounts, or <c>all</c>, that may make volumes and copies from it.</summary>
    public SortedSet<string> Permissions { get; } = new(StringComparer.Ordinal);
    public string Progress => State == "completed" ? "100%" : "0%";

    /// <summary>Images that are kept on disk keep their snapshots' tags with them.</summary>
    public Action? Tagged { get; set; }

    public override void OnTagged() => Tagged?.Invoke();

    public void Complete(DateTimeOffset at) => (State, CompletedAt) = ("completed", at);
}
