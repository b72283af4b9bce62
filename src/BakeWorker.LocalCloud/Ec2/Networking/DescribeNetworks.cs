using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>DescribeVpcs, DescribeSubnets and DescribeRouteTables.</summary>
internal static class DescribeNetworks
{
    public static IEnumerable<XElement> Vpcs(Ec2Call call) =>
        new Listing<Vpc>(
            "vpcSet",
            new Filters<Vpc>()
                .On("vpc-id", vpc => vpc.Id)
                .On("cidr", vpc => vpc.Cidr)
                .On("cidr-block-association.cidr-block", vpc => vpc.Cidr)
                .On("is-default", vpc => vpc.IsDefault)
                .On("isDefault", vpc => vpc.IsDefault)
                .On("owner-id", _ => call.OwnerId)
                .On("state", _ => "available"),
            vpc =>
                [
                    Value("vpcId", vpc.Id),
                    Value("ownerId", call.OwnerId),
                    Value("state", "available"),
                    Value("cidrBlock", vpc.Cidr),
                    Set(
                        "cidrBlockAssociationSet",
                        [vpc],
                        vpc =>
                            [
                                Value("cidrBlock", vpc.Cidr),
                                Value("associationId", vpc.Id.Replace("vpc-", "vpc-cidr-assoc-", StringComparison.Ordinal)),
                                Group("cidrBlockState", Value("state", "associated")),
                            ]
                    ),
                    Value("dhcpOptionsId", Ec2Ids.Fixed("dopt", call.Region.Name)),
                    Value("instanceTenancy", "default"),
                    Value("isDefault", vpc.IsDefault),
                    Tags(vpc),
                ]
        )
        {
            Paging = new(IdParameter: "VpcId"),
        }.Of(call.Input, call.Region.Vpcs.Select(call.Input.Strings("VpcId")));

    public static IEnumerable<XElement> Subnets(Ec2Call call) =>
        new Listing<Subnet>(
            "subnetSet",
            new Filters<Subnet>()
                .On("subnet-id", subnet => subnet.Id)
                .On("vpc-id", subnet => subnet.Vpc.Id)
                .On("availability-zone", subnet => subnet.Zone.Name)
                .On("availabilityZone", subnet => subnet.Zone.Name)
                .On("availability-zone-id", subnet => subnet.Zone.Id)
                .On("cidr", subnet => subnet.Cidr)
                .On("cidr-block", subnet => subnet.Cidr)
                .On("cidrBlock", subnet => subnet.Cidr)
                .On("default-for-az", subnet => subnet.IsPublic)
                .On("defaultForAz", subnet => subnet.IsPublic)
                .On("map-public-ip-on-launch", subnet => subnet.IsPublic)
                .On("available-ip-address-count", subnet => $"{subnet.FreeAddresses}")
                .On("owner-id", _ => call.OwnerId)
                .On("state", _ => "available"),
            subnet =>
                [
                    Value("subnetId", subnet.Id),
                    Value("subnetArn", call.Arn("subnet", subnet.Id)),
                    Value("state", "available"),
                    Value("ownerId", call.OwnerId),
                    Value("vpcId", subnet.Vpc.Id),
                    Value("cidrBlock", subnet.Cidr),
                    Group("ipv6CidrBlockAssociationSet"),
                    Value("availableIpAddressCount", subnet.FreeAddresses),
                    Value("availabilityZone", subnet.Zone.Name),
                    Value("availabilityZoneId", subnet.Zone.Id),
                    Value("defaultForAz", subnet.IsPublic),
                    Value("mapPublicIpOnLaunch", subnet.IsPublic),
                    Value("assignIpv6AddressOnCreation", value: false),
                    Tags(subnet),
                ]
        )
        {
            Paging = new(IdParameter: "SubnetId"),
        }.Of(call.Input, call.Region.Subnets.Select(call.Input.Strings("SubnetId")));

    public static IEnumerable<XElement> RouteTables(Ec2Call call) =>
        new Listing<RouteTable>(
            "routeTableSet",
            new Filters<RouteTable>()
                .On("route-table-id", table => table.Id)
                .On("vpc-id", table => table.Vpc.Id)
                .On("association.main", table => table.IsMain)
                .OnAny("association.subnet-id", table => table.Subnets.Select(subnet => subnet.Id))
                .On("route.gateway-id", table => table.GatewayId)
                .OnAny("route.destination-cidr-block", table => [table.Vpc.Cidr, table.GatewayId is null ? null : "0.0.0.0/0"])
                .On("owner-id", _ => call.OwnerId),
            table =>
                [
                    Value("routeTableId", table.Id),
                    Value("vpcId", table.Vpc.Id),
                    Value("ownerId", call.OwnerId),
                    Set("routeSet", [Route(table.Vpc.Cidr, "local", "CreateRouteTable"), .. Internet(table)]),
                    Set("associationSet", Associations(table)),
                    Group("propagatingVgwSet"),
                    Tags(table),
                ]
        )
        {
            Paging = new(Max: 100, IdParameter: "RouteTableId"),
        }.Of(call.Input, call.Region.RouteTables.Select(call.Input.Strings("RouteTableId")));

    private static IEnumerable<object?> Internet(RouteTable table) =>
        table.GatewayId is { } gateway ? [Route("0.0.0.0/0", gateway, "CreateRoute")] : [];

    private static XElement?[] Route(string destination, string gateway, string origin) =>
        [Value("destinationCidrBlock", destination), Value("gatewayId", gateway), Value("state", "active"), Value("origin", origin)];

    private static IEnumerable<object?> Associations(RouteTable table)
    {
        var subnets = table.IsMain ? [null] : table.Subnets.Select(subnet => (string?)subnet.Id);
        return subnets.Select(subnet =>
            new[]
            {
                Value("routeTableAssociationId", Ec2Ids.Fixed("rtbassoc", table.Id, subnet ?? "main")),
                Value("routeTableId", table.Id),
                Value("subnetId", subnet),
                Value("main", table.IsMain),
                Group("associationState", Value("state", "associated")),
            }
        );
    }
}
