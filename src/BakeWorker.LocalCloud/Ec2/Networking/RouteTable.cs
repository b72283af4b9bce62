namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>A route table: the VPC's own network, and the internet if there is a gateway.</summary>
internal sealed class RouteTable(string id, Vpc vpc, bool isMain, string? gatewayId) : Resource(id, "route-table")
{
    public Vpc Vpc { get; } = vpc;
    public bool IsMain { get; } = isMain;
    public string? GatewayId { get; } = gatewayId;

    /// <summary>Subnets that are associated by name; the main table serves the others.</summary>
    public List<Subnet> Subnets { get; } = [];
}
