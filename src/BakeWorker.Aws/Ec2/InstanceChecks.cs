using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using InstanceStatus = Amazon.EC2.Model.InstanceStatus;

namespace BakeWorker.Aws.Ec2;

/// <summary>EC2's status checks. This read has no filter by id and refuses a whole batch for one id it does not know.</summary>
internal static partial class InstanceChecks
{
    private const int Batch = 100;

    public static async Task<IReadOnlyDictionary<InstanceId, InstanceHealth>> ReadAsync(
        IAmazonEC2 ec2,
        IReadOnlyCollection<InstanceId> ids,
        CancellationToken ct
    )
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var checks = new List<InstanceStatus>();
        foreach (var some in ids.Distinct().Chunk(Batch))
        {
            checks.AddRange(await ReadKnownAsync(ec2, [.. some.Select(id => id.Value)], ct));
        }

        return checks.Select(From).ToSeen(health => health.Id);
    }

    private static async Task<List<InstanceStatus>> ReadKnownAsync(IAmazonEC2 ec2, HashSet<string> ids, CancellationToken ct)
    {
        while (ids.Count > 0)
        {
            try
            {
                return await Pages.ReadAllAsync<InstanceStatus>(async token =>
                {
                    var request = new DescribeInstanceStatusRequest { InstanceIds = [.. ids], NextToken = token };
                    var page = await ec2.DescribeInstanceStatusAsync(request, ct);
                    return (page.InstanceStatuses, page.NextToken);
                });
            }
            catch (BakeFailedException failure) when (failure.Is("InvalidInstanceID.NotFound"))
            {
                var known = ids.Count;
                ids.ExceptWith(IdPattern().Matches(failure.InnerException!.Message).Select(match => match.Value));
                if (ids.Count == known)
                {
                    throw;
                }
            }
        }

        return [];
    }

    private static InstanceHealth From(InstanceStatus status) =>
        new(new InstanceId(status.InstanceId), status.SystemStatus?.Status?.Value ?? "unknown", status.Status?.Status?.Value ?? "unknown");

    [GeneratedRegex("i-[0-9a-f]{8,17}")]
    private static partial Regex IdPattern();
}
