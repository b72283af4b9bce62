namespace BakeWorker.Core.Cloud;

/// <summary>The SSM agent of an instance: online means that Run Command reaches it. Source: SSM DescribeInstanceInformation.</summary>
public sealed record Agent(InstanceId Instance, bool IsOnline, string? Version, string? Platform, DateTimeOffset? LastPing);

/// <summary>SSM agents.</summary>
public interface IAgents
{
    /// <summary>One batched read for the watcher. An instance without a registered agent is left out.</summary>
    Task<IReadOnlyDictionary<InstanceId, Agent>> ReadAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct);
}
