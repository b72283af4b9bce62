using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Somebody who may launch an image: exactly one of the four is set.</summary>
internal sealed partial record LaunchPermission(string? UserId, string? Group, string? OrganizationArn, string? OrganizationalUnitArn)
{
    public static LaunchPermission Everybody { get; } = new(null, "all", null, null);

    public static LaunchPermission OfUser(string id) => UserPattern().IsMatch(id) ? new(id, null, null, null) : throw Invalid(id, "userId");

    public static LaunchPermission OfGroup(string name) => name == "all" ? Everybody : throw Invalid(name, "userGroup");

    public static LaunchPermission OfOrganization(string arn) =>
        OrganizationPattern().IsMatch(arn) ? new(null, null, arn, null) : throw Invalid(arn, "organizationArn");

    public static LaunchPermission OfUnit(string arn) =>
        UnitPattern().IsMatch(arn) ? new(null, null, null, arn) : throw Invalid(arn, "organizationalUnitArn");

    public static LaunchPermission Read(QueryInput entry) =>
        entry.String("UserId") is { } user ? OfUser(user)
        : entry.String("Group") is { } group ? OfGroup(group)
        : entry.String("OrganizationArn") is { } organization ? OfOrganization(organization)
        : OfUnit(entry.Required("OrganizationalUnitArn"));

    public IEnumerable<object?> Render() =>
        [
            Value("userId", UserId),
            Value("group", Group),
            Value("organizationArn", OrganizationArn),
            Value("organizationalUnitArn", OrganizationalUnitArn),
        ];

    private static CloudException Invalid(string value, string kind) =>
        new("InvalidAMIAttributeItemValue", $"Invalid attribute item value \"{value}\" for {kind} item type.");

    [GeneratedRegex("^[0-9]{12}$", RegexOptions.NonBacktracking)]
    private static partial Regex UserPattern();

    [GeneratedRegex("^arn:[^:]+:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}$", RegexOptions.NonBacktracking)]
    private static partial Regex OrganizationPattern();

    [GeneratedRegex(
        "^arn:[^:]+:organizations::[0-9]{12}:ou/o-[a-z0-9]{10,32}/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex UnitPattern();
}
