using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Ssm;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Ec2Image = Amazon.EC2.Model.Image;

namespace BakeWorker.Aws.Ec2;

/// <summary>Resolves what a recipe calls its base. Whether that image may be trusted is judged elsewhere, from what EC2 says of it.</summary>
internal sealed class BaseImages
{
    // EC2: at most 200 values in a filter.
    private const int FilterValues = 200;
    private readonly IAmazonEC2 _ec2;
    private readonly Parameters _parameters;
    private readonly Together<string, Ec2Image> _byId;

    public BaseImages(IAmazonEC2 ec2, Parameters parameters, TimeProvider time)
    {
        (_ec2, _parameters) = (ec2, parameters);
        _byId = new Together<string, Ec2Image>(ReadAsync, time);
    }

    /// <summary>Null when there is none: not published, not shared with this account, or gone.</summary>
    public async Task<BaseImage?> FindAsync(BaseSource source, Architecture architecture, CancellationToken ct)
    {
        var image = source switch
        {
            { Parameter: { } name } => await FindParameterAsync(name, ct) is { } id ? await FindByIdAsync(id, ct) : null,
            { Image: { } id } => await FindByIdAsync(id, ct),
            _ => await FindNewestAsync(source, architecture, ct),
        };
        return image is null ? null : ImageViews.ToBase(image);
    }

    private async Task<string?> FindParameterAsync(string name, CancellationToken ct)
    {
        var value = (await _parameters.FindAsync(name, ct))?.Value?.Trim();
        return value is null || value.StartsWith("ami-", StringComparison.Ordinal)
            ? value
            : throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.BaseNotFound,
                $"parameter {name} holds '{(value.Length > 60 ? value[..60] + "…" : value)}', which is no image id; name a parameter whose value is an AMI."
            );
    }

    private async Task<Ec2Image?> FindByIdAsync(string id, CancellationToken ct) =>
        await _byId.AskAsync(id, ct) is [var image, ..] ? image : null;

    // By filter, because one id that is no longer there would take the answer from all others.
    private async Task<ILookup<string, Ec2Image>> ReadAsync(IReadOnlyCollection<string> ids)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var images = await Pages.ReadAllAsync<string, Ec2Image>(
            ids,
            FilterValues,
            async (some, token) =>
            {
                var page = await _ec2.DescribeImagesAsync(
                    new DescribeImagesRequest
                    {
                        Filters = [Ec2Tags.Filter("image-id", some)],
                        IncludeDeprecated = true,
                        MaxResults = 1_000,
                        NextToken = token,
                    },
                    CancellationToken.None
                );
                return (page.Images, page.NextToken);
            }
        );
        return images.ToLookup(image => image.ImageId);
    }

    private async Task<Ec2Image?> FindNewestAsync(BaseSource source, Architecture architecture, CancellationToken ct)
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
            var page = await _ec2.DescribeImagesAsync(
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
