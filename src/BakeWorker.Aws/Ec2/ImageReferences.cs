using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Who in this account uses an image: EC2 DescribeImageReferences, at most 10 images a call.</summary>
internal static class ImageReferences
{
    private const int Batch = 10;

    // EC2 looks at the ten newest versions of a launch template unless told otherwise, and the default may be an older one.
    private static readonly ResourceTypeRequest EveryVersion = new()
    {
        ResourceType = ImageReferenceResourceType.Ec2LaunchTemplate,
        ResourceTypeOptions = [new ResourceTypeOption { OptionName = ImageReferenceOptionName.VersionDepth, OptionValues = ["10000"] }],
    };

    public static async Task<IReadOnlyDictionary<ImageId, IReadOnlyList<string>>> ReadAsync(
        IAmazonEC2 ec2,
        IReadOnlyCollection<ImageId> ids,
        CancellationToken ct
    )
    {
        var references = await Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            Batch,
            async (some, token) =>
            {
                var page = await ec2.DescribeImageReferencesAsync(
                    new DescribeImageReferencesRequest
                    {
                        ImageIds = [.. some],
                        IncludeAllResourceTypes = true,
                        ResourceTypes = [EveryVersion],
                        NextToken = token,
                    },
                    ct
                );
                return ((IEnumerable<ImageReference>?)page.ImageReferences, page.NextToken);
            }
        );
        var users = references.ToLookup(reference => new ImageId(reference.ImageId), reference => reference.Arn);
        // An image that was asked for and has no reference is known to be unused, which is not the same as not known.
        return ids.Distinct().ToDictionary(id => id, id => (IReadOnlyList<string>)[.. users[id]]);
    }
}
