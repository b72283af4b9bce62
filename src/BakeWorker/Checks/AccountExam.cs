using System.Runtime.CompilerServices;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Checks;

/// <summary>The account itself: whose it is, whether Inspector looks at it, and what it lets nobody see.</summary>
internal sealed class AccountExam(ICloud cloud)
{
    public async IAsyncEnumerable<Check> AccountAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var account = await cloud.FindAccountAsync(ct);
        yield return Check.Ok("account", $"{account}, and bakes are built in {cloud.Home.Name}");
        yield return Check.Unknown(
            "quotas",
            "EC2 does not tell how many vCPUs may run",
            "see that 'aws service-quotas get-service-quota --service-code ec2 --quota-code L-1216C47A' has room for two instances a bake"
        );
    }

    public async IAsyncEnumerable<Check> InspectorAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return await cloud.Home.Scans.FindObstacleAsync(ct) is { } obstacle
            ? Check.Fault(
                "inspector",
                $"{obstacle}: every scan of an instance would end as scan-unavailable",
                "turn it on by 'aws inspector2 enable --resource-types EC2', or scan images (scan.source: image)"
            )
            : Check.Ok("inspector", "it scans instances");
    }
}
