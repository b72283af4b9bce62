using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>Subnets, security groups and endpoints of one Region. By filter, because an id that EC2 does not know would fail the whole call.</summary>
internal sealed class Networks(IAmazonEC2 ec2) : INetworks
{
    // EC2: at most 200 values in a filter.
    private const int FilterValues = 200;

    public async Task<IReadOnlyDictionary<string, SubnetView>> ReadSubnetsAsync(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var subnets = await Pages.ReadAllAsync<string, Subnet>(
            ids,
            FilterValues,
            async (some, token) =>
            {
                var request = new DescribeSubnetsRequest { Filters = [Ec2Tags.Filter("subnet-id", some)], NextToken = token };
                var page = await ec2.DescribeSubnetsAsync(request, ct);
                return (page.Subnets, page.NextToken);
            }
        );
        var tables = await Pages.ReadAllAsync<string, RouteTable>(
            subnets.Select(subnet => subnet.VpcId),
            FilterValues,
            async (some, token) =>
            {
                var request = new DescribeRouteTablesRequest { Filters = [Ec2Tags.Filter("vpc-id", some)], NextToken = token };
                var page = await ec2.DescribeRouteTablesAsync(request, ct);
                return (page.RouteTables, page.NextToken);
            }
        );
        return subnets
            .Select(subnet => new SubnetView(subnet.SubnetId, subnet.VpcId)
            {
                FreeAddresses = subnet.AvailableIpAddressCount ?? 0,
                WayOut = WayOutOf(subnet, tables),
                GivesPublicAddresses = subnet.MapPublicIpOnLaunch ?? false,
            })
            .ToSeen(subnet => subnet.Id);
    }

    public async Task<IReadOnlyDictionary<string, SecurityGroupView>> ReadGroupsAsync(IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var groups = await Pages.ReadAllAsync<string, SecurityGroup>(
            ids,
            FilterValues,
            async (some, token) =>
            {
                var request = new DescribeSecurityGroupsRequest { Filters = [Ec2Tags.Filter("group-id", some)], NextToken = token };
                var page = await ec2.DescribeSecurityGroupsAsync(request, ct);
                return (page.SecurityGroups, page.NextToken);
            }
        );
        return groups
            .Select(group => new SecurityGroupView(group.GroupId, group.VpcId, [.. (group.IpPermissions ?? []).Select(Door)]))
            .ToSeen(group => group.Id);
    }

    public async Task<IReadOnlySet<string>> ListEndpointsAsync(string network, CancellationToken ct)
    {
        var endpoints = await Pages.ReadAllAsync<VpcEndpoint>(async token =>
        {
            var request = new DescribeVpcEndpointsRequest { Filters = [Ec2Tags.Filter("vpc-id", network)], NextToken = token };
            var page = await ec2.DescribeVpcEndpointsAsync(request, ct);
            return (page.VpcEndpoints, page.NextToken);
        });
        return endpoints
            .Where(endpoint =>
                endpoint.PrivateDnsEnabled == true
                && string.Equals(endpoint.VpcEndpointType?.Value, "Interface", StringComparison.OrdinalIgnoreCase)
                && string.Equals(endpoint.State?.Value, "available", StringComparison.OrdinalIgnoreCase)
            )
            .Select(endpoint => endpoint.ServiceName.Split('.')[^1])
            .ToHashSet(StringComparer.Ordinal);
    }

    // A subnet that no table is associated with follows the main one of its network.
    private static WayOut WayOutOf(Subnet subnet, List<RouteTable> tables)
    {
        var table =
            tables.Find(table => (table.Associations ?? []).Exists(of => of.SubnetId == subnet.SubnetId))
            ?? tables.Find(table => table.VpcId == subnet.VpcId && (table.Associations ?? []).Exists(of => of.Main == true));
        return (table?.Routes ?? []).Select(WayOutOf).DefaultIfEmpty().Max();
    }

    // A prefix list behind an endpoint is S3 or DynamoDB, which its policy limits. Whatever else is not this network leads to others: peers, transit
    // gateways and VPNs, however few addresses they are for.
    private static WayOut WayOutOf(Route route) =>
        route switch
        {
            _ when route.State == RouteState.Blackhole => WayOut.None,
            { GatewayId: "local" } => WayOut.None,
            { DestinationPrefixListId.Length: > 0 } when Begins(route.GatewayId, "vpce-") => WayOut.None,
            { NatGatewayId.Length: > 0 } => WayOut.Nat,
            _ when Begins(route.GatewayId, "igw-") => WayOut.InternetGateway,
            _ => WayOut.Other,
        };

    private static bool Begins(string? id, string kind) => id?.StartsWith(kind, StringComparison.Ordinal) == true;

    private static string Door(IpPermission rule)
    {
        var peers = (rule.Ipv4Ranges ?? [])
            .Select(range => range.CidrIp)
            .Concat((rule.Ipv6Ranges ?? []).Select(range => range.CidrIpv6))
            .Concat((rule.UserIdGroupPairs ?? []).Select(pair => pair.GroupId))
            .Concat((rule.PrefixListIds ?? []).Select(list => list.Id));
        var what = rule.IpProtocol == "-1" ? "everything" : $"{rule.IpProtocol} {rule.FromPort} to {rule.ToPort}";
        return $"{what} from {string.Join(", ", peers)}";
    }
}
