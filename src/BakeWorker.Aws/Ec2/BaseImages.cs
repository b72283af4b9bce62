using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Ssm;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Ec2Image = Amazon.EC2.Model.Image;

namespace BakeWorker.Aws.Ec2;

/// <summary>Resolves what a recipe calls its base. Whether that image may be trusted is judged elsewhere, from what EC2 says of it.</summary>
internal static class BaseImages
{
    public static async Task<BaseImage?> FindAsync(
        IAmazonEC2 ec2,
        Parameters parameters,
        BaseSource source,
        Architecture architecture,
        CancellationToken ct
    )
    {
        var image = source switch
        {
            { Parameter: { } name } => await FindParameterAsync(parameters, name, ct) is { } id ? await FindByIdAsync(ec2, id, ct) : null,
            { Image: { } id } => await FindByIdAsync(ec2, id, ct),
            _ => await FindNewestAsync(ec2, source, architecture, ct),
        };
        return image is null ? null : ImageViews.ToBase(image);
    }

    private static async Task<string?> FindParameterAsync(Parameters parameters, string name, CancellationToken ct)
    {
        var value = (await parameters.FindAsync(name, ct))?.Value?.Trim();
        return value is null || value.StartsWith("ami-", StringComparison.Ordinal)
            ? value
            : throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.BaseNotFound,
                $"parameter {name} holds '{(value.Length > 60 ? value[..60] + "…" : value)}', which is no image id; name a parameter whose value is an AMI."
            );
    }

    private static async Task<Ec2Image?> FindByIdAsync(IAmazonEC2 ec2, string id, CancellationToken ct)
    {
        try
        {
            var page = await ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [id], IncludeDeprecated = true }, ct);
            return page.Images?.FirstOrDefault();
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"))
        {
            return null;
        }
    }

    private static async Task<Ec2Image?> FindNewestAsync(IAmazonEC2 ec2, BaseSource source, Architecture architecture, CancellationToken ct)
    {
        if (source.Owners.Count == 0)
        {
            // Anybody may give a public image any name.
            throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.BaseUntrusted,
                $"the base '{source}' is looked for by name without an owner; list the accounts you trust under base.owners."
            );
        }

        var images = await Pages.ReadAllAsync<Ec2Image>(async token =>
        {
            var page = await ec2.DescribeImagesAsync(
                new DescribeImagesRequest
                {
                    Owners = [.. source.Owners],
                    Filters =
                    [
                        Ec2Tags.Filter("name", source.Name ?? ""),
                        Ec2Tags.Filter("architecture", ImageViews.Wire(architecture)),
                        Ec2Tags.Filter("state", "available"),
                    ],
                    MaxResults = 1_000,
                    NextToken = token,
                },
                ct
            );
            return (page.Images, page.NextToken);
        });
        return images
            .OrderByDescending(image => image.CreationDate, StringComparer.Ordinal)
            .ThenByDescending(image => image.ImageId, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
