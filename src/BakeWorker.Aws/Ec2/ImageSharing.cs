using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Launch permissions: what is missing is added, and what EC2 shows afterwards is the answer, once it had the time to show it.</summary>
internal static class ImageSharing
{
    public static async Task<LaunchPermissions> EnsureAsync(
        IAmazonEC2 ec2,
        ImageId id,
        LaunchPermissions wanted,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var seen = await ReadAsync(ec2, id, ct);
        var missing = Missing(wanted, seen);
        if (missing.Count == 0)
        {
            return seen;
        }

        await ModifyAsync(ec2, id, new LaunchPermissionModifications { Add = missing }, ct);
        await Settling.LookAsync(time, async () => Missing(wanted, seen = await ReadAsync(ec2, id, ct)).Count == 0 ? seen : null, ct);
        return seen;
    }

    private static List<LaunchPermission> Missing(LaunchPermissions wanted, LaunchPermissions seen) =>
        Of(
            new LaunchPermissions
            {
                Accounts = [.. wanted.Accounts.Except(seen.Accounts)],
                OrganizationArns = [.. wanted.OrganizationArns.Except(seen.OrganizationArns)],
                OrganizationalUnitArns = [.. wanted.OrganizationalUnitArns.Except(seen.OrganizationalUnitArns)],
                IsPublic = wanted.IsPublic && !seen.IsPublic,
            }
        );

    /// <summary>EC2 takes it well when somebody who has no permission loses it.</summary>
    public static async Task RemoveAsync(IAmazonEC2 ec2, ImageId id, LaunchPermissions unwanted, CancellationToken ct)
    {
        if (!unwanted.IsEmpty)
        {
            await ModifyAsync(ec2, id, new LaunchPermissionModifications { Remove = Of(unwanted) }, ct);
        }
    }

    private static Task<ModifyImageAttributeResponse> ModifyAsync(
        IAmazonEC2 ec2,
        ImageId id,
        LaunchPermissionModifications change,
        CancellationToken ct
    ) => ec2.ModifyImageAttributeAsync(new ModifyImageAttributeRequest { ImageId = id.Value, LaunchPermission = change }, ct);

    private static List<LaunchPermission> Of(LaunchPermissions permissions) =>
        [
            .. permissions.Accounts.Select(account => new LaunchPermission { UserId = account }),
            .. permissions.OrganizationArns.Select(arn => new LaunchPermission { OrganizationArn = arn }),
            .. permissions.OrganizationalUnitArns.Select(arn => new LaunchPermission { OrganizationalUnitArn = arn }),
            .. permissions.IsPublic ? [new LaunchPermission { Group = PermissionGroup.All }] : Array.Empty<LaunchPermission>(),
        ];

    private static async Task<LaunchPermissions> ReadAsync(IAmazonEC2 ec2, ImageId id, CancellationToken ct)
    {
        var response = await ec2.DescribeImageAttributeAsync(
            new DescribeImageAttributeRequest { ImageId = id.Value, Attribute = ImageAttributeName.LaunchPermission },
            ct
        );
        var permissions = response.ImageAttribute?.LaunchPermissions ?? [];
        return new LaunchPermissions
        {
            Accounts = [.. permissions.Select(permission => permission.UserId).OfType<string>()],
            OrganizationArns = [.. permissions.Select(permission => permission.OrganizationArn).OfType<string>()],
            OrganizationalUnitArns = [.. permissions.Select(permission => permission.OrganizationalUnitArn).OfType<string>()],
            IsPublic = permissions.Exists(permission => permission.Group == PermissionGroup.All),
        };
    }
}
