using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Launch permissions: what is missing is added, and what EC2 shows afterwards is the answer.</summary>
internal static class ImageSharing
{
    public static async Task<LaunchPermissions> EnsureAsync(IAmazonEC2 ec2, ImageId id, LaunchPermissions wanted, CancellationToken ct)
    {
        var seen = await ReadAsync(ec2, id, ct);
        List<LaunchPermission> missing =
        [
            .. wanted.Accounts.Except(seen.Accounts).Select(account => new LaunchPermission { UserId = account }),
            .. wanted.OrganizationArns.Except(seen.OrganizationArns).Select(arn => new LaunchPermission { OrganizationArn = arn }),
            .. wanted
                .OrganizationalUnitArns.Except(seen.OrganizationalUnitArns)
                .Select(arn => new LaunchPermission { OrganizationalUnitArn = arn }),
        ];
        if (missing.Count == 0)
        {
            return seen;
        }

        await ec2.ModifyImageAttributeAsync(
            new ModifyImageAttributeRequest
            {
                ImageId = id.Value,
                LaunchPermission = new LaunchPermissionModifications { Add = missing },
            },
            ct
        );
        return await ReadAsync(ec2, id, ct);
    }

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
        };
    }
}
