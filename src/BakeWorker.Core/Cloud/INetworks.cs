namespace BakeWorker.Core.Cloud;

/// <summary>Where a subnet leads that is not in its own network; of several ways the last one here.</summary>
public enum WayOut
{
    None,

    /// <summary>To another network, a firewall or a proxy, of which nobody here knows what it lets through.</summary>
    Other,

    /// <summary>To the internet, for those who have a public address.</summary>
    InternetGateway,

    /// <summary>To the internet, for everybody.</summary>
    Nat,
}

/// <summary>A subnet as it is now. <paramref name="Network"/> is the id of its VPC.</summary>
public sealed record SubnetView(string Id, string Network)
{
    public required int FreeAddresses { get; init; }
    public required WayOut WayOut { get; init; }

    /// <summary>Instances get a public address.</summary>
    public required bool GivesPublicAddresses { get; init; }
}

/// <summary>A security group as it is now. <paramref name="Doors"/> are its inbound rules, in words.</summary>
public sealed record SecurityGroupView(string Id, string Network, IReadOnlyList<string> Doors);

/// <summary>The networks of one Region, as far as they decide whether guests can work there.</summary>
public interface INetworks
{
    /// <summary>Those of the subnets that there are.</summary>
    Task<IReadOnlyDictionary<string, SubnetView>> ReadSubnetsAsync(IReadOnlyCollection<string> ids, CancellationToken ct);

    /// <summary>Those of the security groups that there are.</summary>
    Task<IReadOnlyDictionary<string, SecurityGroupView>> ReadGroupsAsync(IReadOnlyCollection<string> ids, CancellationToken ct);

    /// <summary>Services, such as <c>ssm</c>, that are reached inside the network by their own names.</summary>
    Task<IReadOnlySet<string>> ListEndpointsAsync(string network, CancellationToken ct);
}
