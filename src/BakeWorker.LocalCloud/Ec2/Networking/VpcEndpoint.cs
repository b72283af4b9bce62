namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>An interface endpoint: inside the VPC a service's own name leads to it.</summary>
internal sealed class VpcEndpoint(string id, string service, Subnet subnet, SecurityGroup group) : Resource(id, "vpc-endpoint")
{
    /// <summary>Such as <c>com.amazonaws.eu-west-1.ssm</c>.</summary>
    public string Service { get; } = service;
    public Subnet Subnet { get; } = subnet;
    public SecurityGroup Group { get; } = group;
}
