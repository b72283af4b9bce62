using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>Where an instance goes: by its own parameters, or by those of its first network interface.</summary>
internal sealed record LaunchNetwork(Subnet Subnet, IReadOnlyList<SecurityGroup> Groups, bool HasPublicIp, string? PrivateIp)
{
    public static LaunchNetwork Read(Ec2Call call, InstanceType type, int count)
    {
        var card = Card(call.Input);
        var subnet = FindSubnet(call, card, type);
        if (!type.IsOfferedIn(subnet.Zone))
        {
            throw new CloudException(
                "Unsupported",
                $"Your requested instance type ({type.Name}) is not supported in your requested Availability Zone ({subnet.Zone.Name}). "
                    + "Please retry your request by not specifying an Availability Zone or choosing another."
            );
        }

        if (subnet.FreeAddresses < count)
        {
            throw new CloudException(
                "InsufficientFreeAddressesInSubnet",
                $"There are not enough free addresses in subnet '{subnet.Id}' to satisfy the requested number of instances."
            );
        }

        return new(
            subnet,
            FindGroups(call, card, subnet),
            card.Has("AssociatePublicIpAddress") ? card.Bool("AssociatePublicIpAddress") : subnet.IsPublic,
            card.String("PrivateIpAddress") ?? call.Input.String("PrivateIpAddress")
        );
    }

    /// <summary>The zone that makes a client token zonal; empty when the call names none.</summary>
    public static string Scope(Ec2Call call)
    {
        var subnet = call.Input.String("SubnetId") ?? Card(call.Input).String("SubnetId");
        return subnet is not null
            ? call.Region.Subnets.Get(subnet).Zone.Name
            : call.Input.Structure("Placement").String("AvailabilityZone") ?? "";
    }

    private static QueryInput Card(QueryInput input)
    {
        var cards = input.Structures("NetworkInterface");
        if (cards.Count == 0)
        {
            return new(new Dictionary<string, string>());
        }

        if (input.Has("SubnetId") || input.Has("SecurityGroupId") || input.Has("SecurityGroup"))
        {
            throw Ec2Errors.InvalidCombination(
                "Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request"
            );
        }

        return cards.FirstOrDefault(card => card.Int("DeviceIndex") is null or 0) ?? cards[0];
    }

    private static Subnet FindSubnet(Ec2Call call, QueryInput card, InstanceType type)
    {
        var zone = call.Input.Structure("Placement").String("AvailabilityZone");
        if ((call.Input.String("SubnetId") ?? card.String("SubnetId")) is { } id)
        {
            var named = call.Region.Subnets.Get(id);
            return zone is null || named.Zone.Name == zone
                ? named
                : throw Ec2Errors.InvalidValue($"The subnet '{id}' is in the Availability Zone {named.Zone.Name}, not in {zone}");
        }

        if (zone is not null && call.Region.Zones.All(known => known.Name != zone))
        {
            throw Ec2Errors.InvalidValue($"Invalid availability zone: [{zone}]");
        }

        var fitting = call.Region.Subnets.Where(subnet => subnet is { IsPublic: true, Vpc.IsDefault: true });
        return zone is null ? fitting.First(subnet => type.IsOfferedIn(subnet.Zone)) : fitting.First(subnet => subnet.Zone.Name == zone);
    }

    private static List<SecurityGroup> FindGroups(Ec2Call call, QueryInput card, Subnet subnet)
    {
        var ids = call.Input.Strings("SecurityGroupId").Concat(card.Strings("SecurityGroupId"));
        var named = call.Input.Strings("SecurityGroup").Select(name => SecurityGroups.FindByName(call.Region, name));
        var groups = ids.Select(call.Region.SecurityGroups.Get).Concat(named).Distinct().ToList();
        if (groups.Find(group => group.Vpc != subnet.Vpc) is { } stranger)
        {
            throw new CloudException(
                "InvalidParameter",
                $"Security group {stranger.Id} and subnet {subnet.Id} belong to different networks."
            );
        }

        return groups.Count > 0 ? groups : [call.Region.SecurityGroups.First(group => group.Name == "default" && group.Vpc == subnet.Vpc)];
    }
}
