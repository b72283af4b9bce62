using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ssm;

/// <summary>SSM agents of one Region.</summary>
internal sealed class Agents(IAmazonSimpleSystemsManagement ssm) : IAgents
{
    // SSM DescribeInstanceInformation: at most 50 results a page.
    private const int Batch = 50;

    public async Task<IReadOnlyDictionary<InstanceId, Agent>> ReadAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var agents = await Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            Batch,
            async (some, token) =>
            {
                var page = await ssm.DescribeInstanceInformationAsync(
                    new DescribeInstanceInformationRequest
                    {
                        Filters = [new InstanceInformationStringFilter { Key = "InstanceIds", Values = [.. some] }],
                        MaxResults = Batch,
                        NextToken = token,
                    },
                    ct
                );
                return (page.InstanceInformationList?.Select(From), page.NextToken);
            }
        );
        return agents.ToSeen(agent => agent.Instance);
    }

    private static Agent From(InstanceInformation agent) =>
        new(
            new InstanceId(agent.InstanceId),
            agent.PingStatus == PingStatus.Online,
            agent.AgentVersion,
            agent.PlatformName is { } name ? $"{name} {agent.PlatformVersion}".TrimEnd() : agent.PlatformType?.Value,
            agent.LastPingDateTime is { } ping ? new DateTimeOffset(ping.ToUniversalTime()) : null
        );
}
