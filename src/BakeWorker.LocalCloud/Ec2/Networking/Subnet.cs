using System.Net;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>A subnet; it hands out its own addresses.</summary>
internal sealed class Subnet(string id, Vpc vpc, Zone zone, IPNetwork network, bool isPublic) : Resource(id, "subnet")
{
    /// <summary>The network's own address, the router's, two of DNS and the broadcast address.</summary>
    private const int ReservedAtStart = 4;
    private const int Reserved = 5;
    private readonly HashSet<int> _taken = [];

    public Vpc Vpc { get; } = vpc;
    public Zone Zone { get; } = zone;
    public string Cidr => network.ToString();

    /// <summary>Instances get a public address, and the route table leads to the internet.</summary>
    public bool IsPublic { get; } = isPublic;
    public int FreeAddresses => Size - Reserved - _taken.Count;
    private int Size => 1 << (32 - network.PrefixLength);

    public string TakeAddress(string? wanted)
    {
        var host = wanted is null ? FirstFree() : HostOf(wanted);
        if (!_taken.Add(host))
        {
            throw new CloudException("InvalidIPAddress.InUse", $"Address {wanted} is in use.");
        }

        return AddressOf(host);
    }

    public void ReturnAddress(string address) => _taken.Remove(HostOf(address));

    private int FirstFree() =>
        FreeAddresses > 0
            ? Enumerable.Range(ReservedAtStart, Size - Reserved).First(host => !_taken.Contains(host))
            : throw new CloudException(
                "InsufficientFreeAddressesInSubnet",
                $"There are not enough free addresses in subnet '{Id}' to satisfy the requested number of instances."
            );

    private int HostOf(string address) =>
        IPAddress.TryParse(address, out var ip) && network.Contains(ip)
            ? (int)(Bits(ip) - Bits(network.BaseAddress))
            : throw new CloudException("InvalidParameterValue", $"Address {address} does not fall within the subnet's address range");

    private string AddressOf(int host)
    {
        var number = Bits(network.BaseAddress) + (uint)host;
        return new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]).ToString();
    }

    private static uint Bits(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
    }
}
