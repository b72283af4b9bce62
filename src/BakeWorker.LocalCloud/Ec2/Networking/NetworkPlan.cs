using System.Net;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>The networks that a Region has from the start; <see cref="LocalCloudDefaults"/> names their ids.</summary>
internal static class NetworkPlan
{
    public static void Lay(Ec2Region region)
    {
        var defaults = LocalCloudDefaults.For(region.Name);
        var vpc = new Vpc(defaults.VpcId, "172.31.0.0/16", isDefault: true);
        region.Vpcs.Add(vpc);
        for (var i = 0; i < region.Zones.Count; i++)
        {
            var zone = region.Zones[i];
            var network = IPNetwork.Parse($"172.31.{i * 16}.0/20");
            region.Subnets.Add(new Subnet(defaults.BuilderSubnet(zone.Letter), vpc, zone, network, isPublic: true));
        }

        var sandbox = new Subnet(defaults.SandboxSubnet, vpc, region.Zones[0], IPNetwork.Parse("172.31.240.0/24"), isPublic: false);
        sandbox.Tags["Name"] = "sandbox";
        region.Subnets.Add(sandbox);

        var internet = Ec2Ids.Fixed("igw", region.Name);
        region.RouteTables.Add(new RouteTable(Ec2Ids.Fixed("rtb", region.Name, "main"), vpc, isMain: true, internet));
        var closed = new RouteTable(Ec2Ids.Fixed("rtb", region.Name, "sandbox"), vpc, isMain: false, gatewayId: null);
        closed.Subnets.Add(sandbox);
        closed.Tags["Name"] = "sandbox";
        region.RouteTables.Add(closed);

        var own = new SecurityGroup(defaults.DefaultSecurityGroup, "default", "default VPC security group", vpc);
        own.Rules.Add(
            new SecurityRule(Ec2Ids.Fixed("sgr", own.Id, "in"), IsEgress: false, "-1", FromPort: null, ToPort: null) { GroupId = own.Id }
        );
        AddOpen(region, own);
        foreach (var service in (ReadOnlySpan<string>)["ssm", "ssmmessages", "ec2messages"])
        {
            var id = Ec2Ids.Fixed("vpce", region.Name, service);
            region.VpcEndpoints.Add(new VpcEndpoint(id, $"com.amazonaws.{region.Name}.{service}", sandbox, own));
        }

        AddOpen(region, new SecurityGroup(defaults.SecurityGroup, "bakeworker", "Builders and boot tests: nothing in", vpc));
    }

    /// <summary>Every new group lets everything out.</summary>
    public static SecurityRule AllowAllOut(SecurityGroup group) =>
        new(Ec2Ids.Fixed("sgr", group.Id, "out"), IsEgress: true, "-1", FromPort: null, ToPort: null) { Cidr = "0.0.0.0/0" };

    private static void AddOpen(Ec2Region region, SecurityGroup group)
    {
        group.Rules.Add(AllowAllOut(group));
        region.SecurityGroups.Add(group);
    }
}
