using Amazon.EC2;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>A launch that EC2 looks at and does not carry out (DryRun).</summary>
internal static class LaunchRehearsal
{
    public static async Task RunAsync(IAmazonEC2 ec2, Bake bake, LaunchOrder order, string? instanceProfile, CancellationToken ct)
    {
        var request = Launch.Request(bake, order, order.Generation, instanceProfile);
        request.DryRun = true;
        try
        {
            await ec2.RunInstancesAsync(request, ct);
        }
        catch (BakeFailedException failure) when (failure.Is("DryRunOperation"))
        {
            // EC2's way to say that it would have.
        }
    }
}
