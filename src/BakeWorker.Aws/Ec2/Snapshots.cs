using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Snapshot = BakeWorker.Core.Cloud.Snapshot;

namespace BakeWorker.Aws.Ec2;

/// <summary>Snapshots of bakes in one Region.</summary>
internal sealed class Snapshots(IAmazonEC2 ec2, TimeProvider time) : ISnapshots
{
    public async Task<IReadOnlyList<Snapshot>> ListAsync(BakeId? bake, CancellationToken ct) =>
        await ReadAsync(
            bake is { } one ? Ec2Tags.TagFilter(ResourceTags.BakeId, one.Value) : Ec2Tags.Filter("tag-key", ResourceTags.BakeId),
            ct
        );

    public async Task<Snapshot?> FindAsync(SnapshotId id, CancellationToken ct) =>
        (await ReadAsync(Ec2Tags.Filter("snapshot-id", id.Value), ct)).FirstOrDefault();

    public Task<LaunchPermissions> EnsurePermissionsAsync(SnapshotId id, LaunchPermissions permissions, CancellationToken ct) =>
        SnapshotSharing.EnsureAsync(ec2, id, permissions, time, ct);

    public Task RemovePermissionsAsync(SnapshotId id, LaunchPermissions permissions, CancellationToken ct) =>
        SnapshotSharing.RemoveAsync(ec2, id, permissions, ct);

    public async Task<bool> RemoveAsync(SnapshotId id, CancellationToken ct)
    {
        try
        {
            await ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = id.Value }, ct);
            return true;
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidSnapshot.NotFound"))
        {
            return true;
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidSnapshot.InUse"))
        {
            return false;
        }
    }

    private Task<List<Snapshot>> ReadAsync(Filter filter, CancellationToken ct) =>
        Pages.ReadAllAsync<Snapshot>(async token =>
        {
            var page = await ec2.DescribeSnapshotsAsync(
                new DescribeSnapshotsRequest
                {
                    OwnerIds = ["self"],
                    Filters = [filter],
                    MaxResults = 1_000,
                    NextToken = token,
                },
                ct
            );
            return (page.Snapshots?.Select(View), page.NextToken);
        });

    private static Snapshot View(Amazon.EC2.Model.Snapshot snapshot) =>
        new(new SnapshotId(snapshot.SnapshotId))
        {
            StartedAt = snapshot.StartTime is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null,
            Tags = Ec2Tags.ToDictionary(snapshot.Tags),
        };
}
