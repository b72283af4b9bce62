namespace BakeWorker.LocalCloud.Ec2.Networking;

internal sealed class Vpc(string id, string cidr, bool isDefault) : Resource(id, "vpc")
{
    public string Cidr { get; } = cidr;
    public bool IsDefault { get; } = isDefault;
}
