using System.IO.Enumeration;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Which hosts machines may reach, and how: mirrors as this machine's own apt does, others directly.</summary>
internal sealed partial class MirrorMap : IWebProxy
{
    // Any release tells where its packages are: mirrors lie by archive, not by release.
    private static readonly DebianRelease Any = DebianRelease.Find("debian-12", "amd64")!;
    private readonly IReadOnlyList<(string Own, string Mirror)> _archives;
    private readonly HashSet<string> _mirrors;
    private readonly IReadOnlyList<string> _reach;

    public MirrorMap(HostApt apt, IReadOnlyList<string> reach)
    {
        _reach = reach;
        var mirrors = apt.MirrorsOf(Any);
        _archives =
        [
            .. Any.Archives.Join(
                mirrors,
                own => own.Suite,
                mirror => mirror.Suite,
                (own, mirror) => (own.Uri + "/", mirror.Uri.TrimEnd('/') + "/")
            ),
        ];
        _mirrors = new(
            Any.Archives.Concat(mirrors).Select(source => Uri.TryCreate(source.Uri, UriKind.Absolute, out var uri) ? uri.Host : ""),
            StringComparer.OrdinalIgnoreCase
        );
        HttpProxy = FindProxy(apt, "http");
        HttpsProxy = FindProxy(apt, "https") ?? HttpProxy;
        if (apt.Certificates is { } file && File.Exists(file))
        {
            Trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            Trust.CustomTrustStore.ImportFromPemFile(file);
        }
    }

    /// <summary>The proxies of this machine's apt; null where it asks mirrors directly.</summary>
    public Uri? HttpProxy { get; }
    public Uri? HttpsProxy { get; }

    /// <summary>What this machine's apt trusts instead of the system's own certificates.</summary>
    public X509ChainPolicy? Trust { get; }

    ICredentials? IWebProxy.Credentials { get; set; }

    public static string Refusal(string host) => $"{host} is no package mirror, and nothing else allows machines to reach it (Vm:Reach).";

    public bool Allows(string host) =>
        _mirrors.Contains(host) || _reach.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, host));

    /// <summary>Where this machine gets what lies at an address of Debian's own mirrors.</summary>
    public Uri Map(Uri target)
    {
        var text = target.AbsoluteUri;
        var (own, mirror) = _archives.FirstOrDefault(archive => text.StartsWith(archive.Own, StringComparison.OrdinalIgnoreCase));
        return own is null ? target : new Uri(mirror + text[own.Length..]);
    }

    public Uri? GetProxy(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? HttpsProxy : HttpProxy;

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    /// <summary>Connects to a host; one that is neither a mirror nor a proxy of ours must be elsewhere, whatever its name says.</summary>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, ct);
        var isOurs = _mirrors.Contains(host) || host == HttpProxy?.Host || host == HttpsProxy?.Host;
        if (!isOurs && Array.Exists(addresses, IsHere))
        {
            throw new HttpRequestException($"{host} is this machine or its own network's service, which machines must not reach");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsHere(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain)
            || plain.IsIPv6LinkLocal
            || plain.Equals(IPAddress.Any)
            || plain.Equals(IPAddress.IPv6Any)
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..]);
    }

    private static Uri? FindProxy(HostApt apt, string scheme) =>
        apt
            .Settings.Split('\n')
            .Select(line => ProxySetting().Match(line))
            .Where(match => match.Success && match.Groups["scheme"].Value == scheme)
            .Select(match => Uri.TryCreate(match.Groups["uri"].Value, UriKind.Absolute, out var uri) ? uri : null)
            .LastOrDefault();

    [GeneratedRegex("^Acquire::(?<scheme>https?)::Proxy \"(?<uri>[^\"]+)\";$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ProxySetting();
}
