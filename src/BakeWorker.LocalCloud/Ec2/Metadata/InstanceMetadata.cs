using System.Globalization;
using System.Text;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Metadata;

/// <summary>An instance's metadata service: both its versions, as the instance's options allow them.</summary>
internal sealed class InstanceMetadata(Ec2Region region, string instanceId) : IMetadataService
{
    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const string LifetimeHeader = "X-aws-ec2-metadata-token-ttl-seconds";
    private const int LongestLifetime = 21600;
    private const int TokenDigits = 56;
    private static readonly string[] Versions = ["1.0", "2009-04-04", "2016-09-02", "2018-09-24", "2021-03-23", "2022-09-24", "latest"];
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    private LocalCloudAccount Account => region.State.Account;

    public WireResponse Answer(WireRequest request)
    {
        lock (Account.Gate)
        {
            var instance = region.Instances.Find(instanceId);
            return instance is null || instance.Metadata.Endpoint != "enabled" ? Refuse(403, "Forbidden")
                : request.Path == "/latest/api/token" ? MakeToken(request)
                : request.Method is not ("GET" or "HEAD") ? Refuse(405, "Method Not Allowed")
                : Admits(request, instance) ? Read(request.Path, instance)
                : Refuse(401, "Unauthorized");
        }
    }

    private WireResponse MakeToken(WireRequest request)
    {
        if (request.Method != "PUT")
        {
            return Refuse(405, "Method Not Allowed");
        }

        // A request that came through a proxy is not the instance's own.
        if (request.Header("X-Forwarded-For") is not null)
        {
            return Refuse(403, "Forbidden");
        }

        if (
            !int.TryParse(request.Header(LifetimeHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < 1 or > LongestLifetime
        )
        {
            return Refuse(400, "Bad Request");
        }

        foreach (var (ended, _) in _tokens.Where(known => known.Value <= Account.Clock.Now).ToList())
        {
            _tokens.Remove(ended);
        }

        var token = Account.NewHex(TokenDigits);
        _tokens[token] = Account.Clock.Now + TimeSpan.FromSeconds(seconds);
        return Plain(token) with { Headers = new Dictionary<string, string> { [LifetimeHeader] = $"{seconds}" } };
    }

    /// <summary>A wrong token is refused even where none is needed.</summary>
    private bool Admits(WireRequest request, Instance instance) =>
        request.Header(TokenHeader) is { } token
            ? _tokens.TryGetValue(token, out var until) && until > Account.Clock.Now
            : instance.Metadata.HttpTokens == "optional";

    private WireResponse Read(string path, Instance instance)
    {
        var (version, rest) = Split(path);
        if (version.Length == 0)
        {
            return Plain(string.Join('\n', Versions));
        }

        if (!Versions.Contains(version))
        {
            return NotFound;
        }

        var tree = MetadataTree.Of(region, instance);
        return rest == MetadataTree.UserData && tree.TryGetValue(rest, out var data) ? Bytes(Convert.FromBase64String(data))
            : tree.TryGetValue(rest, out var value) ? Plain(value)
            : List(tree.Keys, rest) is { Count: > 0 } names ? Plain(string.Join('\n', names))
            : NotFound;
    }

    /// <summary>What lies below a path, folders with a slash at their end.</summary>
    private static List<string> List(IEnumerable<string> paths, string path)
    {
        var below = path.Length == 0 || path.EndsWith('/') ? path : path + "/";
        return
        [
            .. paths
                .Where(known => known.StartsWith(below, StringComparison.Ordinal))
                .Select(known => known[below.Length..])
                .Select(known => known.IndexOf('/') is >= 0 and var slash ? known[..(slash + 1)] : known)
                .Distinct(),
        ];
    }

    private static (string Version, string Below) Split(string path)
    {
        var parts = path.TrimStart('/').Split('/', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private static WireResponse NotFound => Refuse(404, "Not Found");

    private static WireResponse Plain(string text) => new(200, "text/plain", Encoding.UTF8.GetBytes(text));

    private static WireResponse Bytes(byte[] bytes) => new(200, "application/octet-stream", bytes);

    private static WireResponse Refuse(int status, string title) =>
        new(status, "text/plain", Encoding.UTF8.GetBytes($"{status} - {title}"));
}
