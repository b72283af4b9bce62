using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Who may make volumes and copies of a snapshot: accounts and everybody, EC2 knows no organizations here.</summary>
internal static class SnapshotSharing
{
    // EC2: at most 500 changes in one call; a recipe names at most 200 accounts.
    public static async Task<LaunchPermissions> EnsureAsync(
        IAmazonEC2 ec2,
        SnapshotId id,
        LaunchPermissions wanted,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var seen = await ReadAsync(ec2, id, ct);
        var (accounts, isPublic) = (wanted.Accounts.Except(seen.Accounts).ToList(), wanted.IsPublic && !seen.IsPublic);
        if (accounts.Count == 0 && !isPublic)
        {
            return seen;
        }

        await ModifyAsync(ec2, id, new CreateVolumePermissionModifications { Add = Of(accounts, isPublic) }, ct);
        await Settling.LookAsync(time, async () => wanted.MissingIn(seen = await ReadAsync(ec2, id, ct)).Count == 0 ? seen : null, ct);
        return seen;
    }

    public static async Task RemoveAsync(IAmazonEC2 ec2, SnapshotId id, LaunchPermissions unwanted, CancellationToken ct)
    {
        if (unwanted.Accounts.Count > 0 || unwanted.IsPublic)
        {
            await ModifyAsync(ec2, id, new CreateVolumePermissionModifications { Remove = Of(unwanted.Accounts, unwanted.IsPublic) }, ct);
        }
    }

    private static Task<ModifySnapshotAttributeResponse> ModifyAsync(
        IAmazonEC2 ec2,
        SnapshotId id,
        CreateVolumePermissionModifications change,
        CancellationToken ct
    ) =>
        ec2.ModifySnapshotAttributeAsync(
            new ModifySnapshotAttributeRequest
            {
                SnapshotId = id.Value,
                Attribute = SnapshotAttributeName.CreateVolumePermission,
                CreateVolumePermission = change,
            },
            ct
        );

    private static List<CreateVolumePermission> Of(IEnumerable<string> accounts, bool isPublic) =>
        [
            .. accounts.Select(account => new CreateVolumePermission { UserId = account }),
            .. isPublic ? [new CreateVolumePermission { Group = PermissionGroup.All }] : Array.Empty<CreateVolumePermission>(),
        ];

    private static async Task<LaunchPermissions> ReadAsync(IAmazonEC2 ec2, SnapshotId id, CancellationToken ct)
    {
        var response = await ec2.DescribeSnapshotAttributeAsync(
            new DescribeSnapshotAttributeRequest { SnapshotId = id.Value, Attribute = SnapshotAttributeName.CreateVolumePermission },
            ct
        );
        var permissions = response.CreateVolumePermissions ?? [];
        return new LaunchPermissions
        {
            Accounts = [.. permissions.Select(permission => permission.UserId).OfType<string>()],
            IsPublic = permissions.Exists(permission => permission.Group == PermissionGroup.All),
        };
    }
}
