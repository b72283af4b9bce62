using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>The four actions that add and remove rules of a security group.</summary>
internal static class SecurityRules
{
    public static Ec2Action Authorize(bool isEgress) =>
        call =>
        {
            var group = SecurityGroups.Find(call);
            var rules = Read(call, isEgress);
            if (rules.FirstOrDefault(rule => group.Rules.Exists(rule.IsSameAs)) is { } twin)
            {
                throw new CloudException(
                    "InvalidPermission.Duplicate",
                    $"the specified rule \"peer: {Peer(twin)}, {twin.Protocol}, from port: {twin.FromPort}, to port: {twin.ToPort}, ALLOW\" already exists"
                );
            }

            group.Rules.AddRange(rules);
            return Of(Value("return", value: true), Set("securityGroupRuleSet", rules, rule => Render(call, group, rule)));
        };

    public static Ec2Action Revoke(bool isEgress) =>
        call =>
        {
            var group = SecurityGroups.Find(call);
            var ids = call.Input.Strings("SecurityGroupRuleId");
            var named = ids.Select(id =>
                group.Rules.Find(rule => rule.Id == id)
                ?? throw new CloudException("InvalidSecurityGroupRuleId.NotFound", $"The security group rule ID '{id}' does not exist")
            );
            var meant = (ids.Count > 0 ? [] : Read(call, isEgress)).Select(rule =>
                group.Rules.Find(rule.IsSameAs)
                ?? throw new CloudException("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
            );
            foreach (var rule in named.Concat(meant).ToList())
            {
                group.Rules.Remove(rule);
            }

            return True;
        };

    /// <summary>Rules as EC2 shows them: one permission for each protocol and port range.</summary>
    public static XElement Permissions(string name, IEnumerable<SecurityRule> rules, string ownerId) =>
        Set(
            name,
            rules.GroupBy(rule => (rule.Protocol, rule.FromPort, rule.ToPort)),
            permission =>
                [
                    Value("ipProtocol", permission.Key.Protocol),
                    Value("fromPort", permission.Key.FromPort),
                    Value("toPort", permission.Key.ToPort),
                    Peers("groups", permission, rule => rule.GroupId, "groupId", Value("userId", ownerId)),
                    Peers("ipRanges", permission, rule => rule.Cidr, "cidrIp"),
                    Peers("ipv6Ranges", permission, rule => rule.Cidr6, "cidrIpv6"),
                    Peers("prefixListIds", permission, rule => rule.PrefixList, "prefixListId"),
                ]
        );

    private static XElement Peers(
        string name,
        IEnumerable<SecurityRule> rules,
        Func<SecurityRule, string?> peer,
        string field,
        XElement? extra = null
    ) =>
        Set(
            name,
            rules.Where(rule => peer(rule) is not null),
            rule => [Value(field, peer(rule)), Value("description", rule.Description), extra]
        );

    private static IEnumerable<object?> Render(Ec2Call call, SecurityGroup group, SecurityRule rule) =>
        [
            Value("securityGroupRuleId", rule.Id),
            Value("groupId", group.Id),
            Value("groupOwnerId", call.OwnerId),
            Value("isEgress", rule.IsEgress),
            Value("ipProtocol", rule.Protocol),
            Value("fromPort", rule.FromPort ?? -1),
            Value("toPort", rule.ToPort ?? -1),
            Value("cidrIpv4", rule.Cidr),
            Value("cidrIpv6", rule.Cidr6),
            Value("prefixListId", rule.PrefixList),
            rule.GroupId is null ? null : Group("referencedGroupInfo", Value("groupId", rule.GroupId), Value("userId", call.OwnerId)),
            Value("description", rule.Description),
        ];

    private static List<SecurityRule> Read(Ec2Call call, bool isEgress)
    {
        var permissions = call.Input.Structures("IpPermissions");
        var rules = permissions.Count > 0 ? permissions.SelectMany(permission => Read(call, isEgress, permission)) : [Flat(call, isEgress)];
        return rules.ToList();
    }

    private static IEnumerable<SecurityRule> Read(Ec2Call call, bool isEgress, QueryInput permission)
    {
        var rule = Ports(isEgress, permission);
        return
        [
            .. permission.Structures("IpRanges").Select(range => New(call, rule, range) with { Cidr = range.Required("CidrIp") }),
            .. permission.Structures("Ipv6Ranges").Select(range => New(call, rule, range) with { Cidr6 = range.Required("CidrIpv6") }),
            .. permission
                .Structures("PrefixListIds")
                .Select(list => New(call, rule, list) with { PrefixList = list.Required("PrefixListId") }),
            .. permission.Structures("Groups").Select(group => New(call, rule, group) with { GroupId = GroupOf(call, group) }),
        ];
    }

    /// <summary>The old form: one rule in the call's own parameters.</summary>
    private static SecurityRule Flat(Ec2Call call, bool isEgress) =>
        New(call, Ports(isEgress, call.Input), call.Input) with
        {
            Cidr = call.Input.Required("CidrIp"),
        };

    private static SecurityRule Ports(bool isEgress, QueryInput permission)
    {
        var protocol = permission.Required("IpProtocol") switch
        {
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            var name => name,
        };
        var (from, to) = (permission.Int("FromPort"), permission.Int("ToPort"));
        if (protocol is "tcp" or "udp" && (from is null or < 0 or > 65535 || to is null or < 0 or > 65535 || from > to))
        {
            throw Ec2Errors.InvalidValue($"Invalid value '{from}-{to}' for portRange. Must specify both from and to ports with TCP/UDP.");
        }

        return protocol == "-1" ? new("", isEgress, protocol, null, null) : new("", isEgress, protocol, from, to);
    }

    private static SecurityRule New(Ec2Call call, SecurityRule rule, QueryInput peer) =>
        rule with
        {
            Id = call.NewId("sgr"),
            Description = peer.String("Description"),
        };

    private static string GroupOf(Ec2Call call, QueryInput pair) =>
        pair.String("GroupId") is { } id
            ? call.Region.SecurityGroups.Get(id).Id
            : SecurityGroups.FindByName(call.Region, pair.Required("GroupName")).Id;

    private static string Peer(SecurityRule rule) => rule.Cidr ?? rule.Cidr6 ?? rule.PrefixList ?? rule.GroupId ?? "";
}
