using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Cloud;

/// <summary>A snapshot of ours at one moment.</summary>
public sealed record Snapshot(SnapshotId Id)
{
    /// <summary>Inspector tags so what it makes for a scan, and removes it itself.</summary>
    public const string InspectorTag = "InspectorScan";

    public DateTimeOffset? StartedAt { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>EBS snapshots: what images are made of, and what is left when one of them vanishes.</summary>
public interface ISnapshots
{
    /// <summary>Every snapshot that carries our tags, optionally of one bake.</summary>
    Task<IReadOnlyList<Snapshot>> ListAsync(BakeId? bake, CancellationToken ct);

    /// <summary>The snapshot as it is now; null when it is gone.</summary>
    Task<Snapshot?> FindAsync(SnapshotId id, CancellationToken ct);

    /// <summary>Lets accounts, or everybody, make volumes and copies of it; answers whom EC2 shows afterwards.</summary>
    Task<LaunchPermissions> EnsurePermissionsAsync(SnapshotId id, LaunchPermissions permissions, CancellationToken ct);

    /// <summary>Takes that away; succeeds when it is not there.</summary>
    Task RemovePermissionsAsync(SnapshotId id, LaunchPermissions permissions, CancellationToken ct);

    /// <summary>Deletes; succeeds when it is gone. False when an image still needs it.</summary>
    Task<bool> RemoveAsync(SnapshotId id, CancellationToken ct);
}
