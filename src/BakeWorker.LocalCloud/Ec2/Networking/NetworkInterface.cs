using BakeWorker.LocalCloud.Ec2.Instances;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>An instance's only network card. It lives and dies with the instance.</summary>
internal sealed class NetworkInterface(string id, Subnet subnet, string privateIp, IReadOnlyList<SecurityGroup> groups)
    : Resource(id, "network-interface")
{
    public Subnet Subnet { get; } = subnet;
    public string PrivateIp { get; } = privateIp;
    public IReadOnlyList<SecurityGroup> Groups { get; set; } = groups;
    public Instance? Instance { get; set; }
    public required string AttachmentId { get; init; }
    public required DateTimeOffset AttachedAt { get; init; }

    public string Mac
    {
        get
        {
            var hex = Id[^10..];
            return $"02:{hex[..2]}:{hex[2..4]}:{hex[4..6]}:{hex[6..8]}:{hex[8..]}";
        }
    }

    public string PrivateDns => $"ip-{PrivateIp.Replace('.', '-')}.{Subnet.Zone.Region}.compute.internal";
}
