using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Image = BakeWorker.Core.Cloud.Image;

namespace BakeWorker.Aws.Ec2;

/// <summary>Removes an image of ours with every snapshot that was made for it, also one that EC2 or an earlier try left behind.</summary>
internal static class ImageRemoval
{
    public static async Task RemoveAsync(IAmazonEC2 ec2, Image image, bool isThere, TimeProvider time, CancellationToken ct)
    {
        if (image.Tags.GetValueOrDefault(ResourceTags.BakeId) is not { Length: > 0 } bake)
        {
            throw new BakeFailedException(
                FailureKind.Failed,
                FailureCodes.AwsRejected,
                $"{image.Id} carries no tag {ResourceTags.BakeId}, so it is not ours to remove; deregister it by hand if nobody needs it."
            );
        }

        var stayed = isThere ? await DeregisterAsync(ec2, image.Id, ct) : [];
        var snapshots = new Snapshots(ec2, time);
        var tagged = (await snapshots.ListAsync(new BakeId(bake), ct)).Select(snapshot => snapshot.Id);
        // What EC2 could not delete along with the image is deleted by itself, which either works or says why not.
        foreach (var snapshot in tagged.Union(stayed))
        {
            // False: another image still needs it.
            await snapshots.RemoveAsync(snapshot, ct);
        }
    }

    /// <summary>Answers the snapshots that were neither deleted nor left because another image uses them.</summary>
    private static async Task<IReadOnlyList<SnapshotId>> DeregisterAsync(IAmazonEC2 ec2, ImageId id, CancellationToken ct)
    {
        try
        {
            var request = new DeregisterImageRequest { ImageId = id.Value, DeleteAssociatedSnapshots = true };
            var results = (await ec2.DeregisterImageAsync(request, ct)).DeleteSnapshotResults ?? [];
            return
            [
                .. results
                    .Where(result => result.ReturnCode != SnapshotReturnCodes.Success && result.ReturnCode != SnapshotReturnCodes.Skipped)
                    .Select(result => new SnapshotId(result.SnapshotId)),
            ];
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"))
        {
            return [];
        }
    }
}
