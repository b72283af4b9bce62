using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Who in this account uses an image: EC2 DescribeImageReferences, at most 10 images a call.</summary>
internal static class ImageReferences
{
    private const int Batch = 10;

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
                        NextToken = token,
                    },
                    ct
                );
                return ((IEnumerable<ImageReference>?)page.ImageReferences, page.NextToken);
            }
        );
        return references
            .GroupBy(reference => new ImageId(reference.ImageId))
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(reference => reference.Arn)]);
    }
}
