using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>CreateSecurityGroup, DeleteSecurityGroup and DescribeSecurityGroups.</summary>
internal static class SecurityGroups
{
    private static readonly Filters<SecurityGroup> Filters = new Filters<SecurityGroup>()
        .On("group-id", group => group.Id)
        .On("group-name", group => group.Name)
        .On("description", group => group.Description)
        .On("vpc-id", group => group.Vpc.Id)
        .OnAny("ip-permission.cidr", group => Rules(group, isEgress: false).Select(rule => rule.Cidr))
        .OnAny("ip-permission.from-port", group => Rules(group, isEgress: false).Select(rule => rule.FromPort?.ToString()))
        .OnAny("ip-permission.to-port", group => Rules(group, isEgress: false).Select(rule => rule.ToPort?.ToString()))
        .OnAny("ip-permission.protocol", group => Rules(group, isEgress: false).Select(rule => rule.Protocol))
        .OnAny("ip-permission.group-id", group => Rules(group, isEgress: false).Select(rule => rule.GroupId))
        .OnAny("egress.ip-permission.cidr", group => Rules(group, isEgress: true).Select(rule => rule.Cidr));

    public static IEnumerable<XElement> Create(Ec2Call call)
    {
        var (name, description) = (call.Input.Required("GroupName"), call.Input.Required("GroupDescription"));
        var vpc = call.Input.String("VpcId") is { } id ? call.Region.Vpcs.Get(id) : call.Region.Vpcs.First(vpc => vpc.IsDefault);
        if (name.Length > 255 || name.StartsWith("sg-", StringComparison.Ordinal))
        {
            throw Ec2Errors.InvalidValue($"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.");
        }

        if (call.Region.SecurityGroups.Any(group => group.Name == name && group.Vpc == vpc))
        {
            throw new CloudException("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc.Id}'");
        }

        var tags = TagSpecifications.Read(call.Input, "security-group");
        var group = tags.Put(new SecurityGroup(call.NewId("sg"), name, description, vpc));
        group.Rules.Add(NetworkPlan.AllowAllOut(group));
        call.Region.SecurityGroups.Add(group);
        return Of(Value("groupId", group.Id), Value("securityGroupArn", call.Arn("security-group", group.Id)), Tags(group));
    }

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var group = Find(call);
        if (group.Name == "default")
        {
            throw new CloudException("CannotDelete", $"the specified group: \"{group.Id}\" name: \"default\" cannot be deleted by a user");
        }

        var isUsed = call.Region.Interfaces.Any(card => card.Groups.Contains(group));
        var isNamed = call.Region.SecurityGroups.Any(other => other != group && other.Rules.Exists(rule => rule.GroupId == group.Id));
        if (isUsed || isNamed)
        {
            throw new CloudException("DependencyViolation", $"resource {group.Id} has a dependent object");
        }

        call.Region.SecurityGroups.Remove(group);
        return Of(Value("return", value: true), Value("groupId", group.Id));
    }

    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        var groups = call.Region.SecurityGroups.Select(call.Input.Strings("GroupId")).ToList();
        var names = call.Input.Strings("GroupName");
        foreach (var missing in names.Where(name => !groups.Exists(group => group.Name == name && group.Vpc.IsDefault)))
        {
            throw new CloudException("InvalidGroup.NotFound", $"The security group '{missing}' does not exist in default VPC");
        }

        var listing = new Listing<SecurityGroup>("securityGroupInfo", Filters, group => Render(call, group))
        {
            Paging = new(IdParameter: "GroupId"),
        };
        return listing.Of(call.Input, groups.Where(group => names.Count == 0 || (names.Contains(group.Name) && group.Vpc.IsDefault)));
    }

    /// <summary>The group that the call means by id, or by name in the default VPC.</summary>
    public static SecurityGroup Find(Ec2Call call) =>
        call.Input.String("GroupId") is { } id
            ? call.Region.SecurityGroups.Get(id)
            : FindByName(call.Region, call.Input.Required("GroupName"));

    public static SecurityGroup FindByName(Ec2Region region, string name) =>
        region.SecurityGroups.FirstOrDefault(group => group.Name == name && group.Vpc.IsDefault)
        ?? throw new CloudException("InvalidGroup.NotFound", $"The security group '{name}' does not exist in default VPC");

    private static IEnumerable<object?> Render(Ec2Call call, SecurityGroup group) =>
        [
            Value("ownerId", call.OwnerId),
            Value("groupId", group.Id),
            Value("groupName", group.Name),
            Value("groupDescription", group.Description),
            Value("vpcId", group.Vpc.Id),
            Value("securityGroupArn", call.Arn("security-group", group.Id)),
            SecurityRules.Permissions("ipPermissions", Rules(group, isEgress: false), call.OwnerId),
            SecurityRules.Permissions("ipPermissionsEgress", Rules(group, isEgress: true), call.OwnerId),
            Tags(group),
        ];

    private static IEnumerable<SecurityRule> Rules(SecurityGroup group, bool isEgress) =>
        group.Rules.Where(rule => rule.IsEgress == isEgress);
}
