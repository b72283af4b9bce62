using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Ec2;

public sealed class NetworksTests : IDisposable
{
    private const string Own = "<destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>";
    private const string Nat = "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId>";
    private const string Internet = "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId>";
    private const string Buckets = "<destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId>";
    private const string Peer =
        "<destinationCidrBlock>10.1.0.0/16</destinationCidrBlock><vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId>";
    private const string Transit = "<destinationCidrBlock>10.0.0.0/8</destinationCidrBlock><transitGatewayId>tgw-1</transitGatewayId>";
    private const string Vpn = "<destinationCidrBlock>192.168.0.0/16</destinationCidrBlock><gatewayId>vgw-1</gatewayId>";
    private const string Firewall = "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>vpce-2</gatewayId>";
    private const string OnlyOut =
        "<destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><egressOnlyInternetGatewayId>eigw-1</egressOnlyInternetGatewayId>";
    private readonly AwsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(WayOut.None, "")]
    [InlineData(WayOut.None, Buckets)]
    [InlineData(WayOut.Other, Peer)]
    [InlineData(WayOut.Other, Transit)]
    [InlineData(WayOut.Other, Vpn)]
    [InlineData(WayOut.Other, Firewall)]
    [InlineData(WayOut.Other, OnlyOut)]
    [InlineData(WayOut.InternetGateway, Internet)]
    [InlineData(WayOut.InternetGateway, Peer, Internet)]
    [InlineData(WayOut.Nat, Peer, Nat)]
    public void Subnet_LeadsWhereItsRoutesLead(WayOut way, params string[] routes) =>
        _world.Run(async () =>
        {
            var subnet = _world.Defaults.SandboxSubnet;
            _world.Wire.AnswerTo("DescribeRouteTables", 200, Table(subnet, [Own, .. routes]));

            (await _world.Home.Networks.ReadSubnetsAsync([subnet], AwsWorld.Ct))[subnet].WayOut.Should().Be(way);
        });

    [Fact]
    public void Subnet_WhoseWayOutIsGone_LeadsNowhere() =>
        _world.Run(async () =>
        {
            var subnet = _world.Defaults.SandboxSubnet;
            _world.Wire.AnswerTo("DescribeRouteTables", 200, Table(subnet, [Own, Nat]).Replace("active", "blackhole"));

            (await _world.Home.Networks.ReadSubnetsAsync([subnet], AwsWorld.Ct))[subnet].WayOut.Should().Be(WayOut.None);
        });

    private static string Table(string subnet, IEnumerable<string> routes) =>
        $"""
            <DescribeRouteTablesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId>
            <routeSet>{string.Concat(
                routes.Where(route => route.Length > 0).Select(route => $"<item>{route}<state>active</state></item>")
            )}</routeSet>
            <associationSet><item><subnetId>{subnet}</subnetId><main>false</main></item></associationSet>
            </item></routeTableSet>
            </DescribeRouteTablesResponse>
            """;
}
