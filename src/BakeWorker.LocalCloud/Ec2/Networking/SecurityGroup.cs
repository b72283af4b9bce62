namespace BakeWorker.LocalCloud.Ec2.Networking;

internal sealed class SecurityGroup(string id, string name, string description, Vpc vpc) : Resource(id, "security-group")
{
    public string Name { get; } = name;
    public string Description { get; } = description;
    public Vpc Vpc { get; } = vpc;
    public List<SecurityRule> Rules { get; } = [];
}

/// <summary>One rule: a protocol and ports, and exactly one of the four kinds of peer.</summary>
internal sealed record SecurityRule(string Id, bool IsEgress, string Protocol, int? FromPort, int? ToPort)
{
    public string? Cidr { get; init; }
    public string? Cidr6 { get; init; }
    public string? PrefixList { get; init; }
    public string? GroupId { get; init; }
    public string? Description { get; init; }

    /// <summary>Whether it allows the same, whatever it is called.</summary>
    public bool IsSameAs(SecurityRule other) => this with { Id = "", Description = null } == other with { Id = "", Description = null };
}
