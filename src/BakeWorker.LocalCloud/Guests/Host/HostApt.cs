namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>How this machine gets its Debian packages: what a guest needs to get them the same way.</summary>
internal sealed record HostApt(string Settings, IReadOnlyList<AptSource> Sources)
{
    private const string Configuration = "/etc/apt";

    // What says how to reach a mirror and how far to trust its dates; hooks, caches and the like stay the host's own business.
    private static readonly string[] Kept =
    [
        "Acquire::http",
        "Acquire::https",
        "Acquire::Check-",
        "Acquire::Force",
        "Acquire::Retries",
        "Acquire::Allow",
    ];

    /// <summary>A file of the host with the certificates that its mirrors are trusted by, when apt was told of one.</summary>
    public string? Certificates { get; init; }

    public static async Task<HostApt> ReadAsync(CancellationToken ct)
    {
        var dump = await HostTool.RunAsync(["sh", "-c", HostScripts.HostApt], ct, keepEnvironment: true);
        var settings = dump
            .Output.Split('\n')
            .Where(line => Array.Exists(Kept, line.StartsWith) && !line.Contains("Detect") && !line.EndsWith(" \"\";"))
            .ToList();
        var certificates = settings.Find(line => line.StartsWith("Acquire::https::CaInfo ", StringComparison.OrdinalIgnoreCase));
        return new HostApt(string.Join('\n', settings.Where(line => line != certificates)), [.. ReadSources()])
        {
            Certificates = certificates?.Split('"')[1],
        };
    }

    /// <summary>The host's own mirrors of a Debian release, when the host is a Debian; none otherwise.</summary>
    public IReadOnlyList<AptSource> MirrorsOf(DebianRelease release)
    {
        if (OsRelease.ReadHost() is not { Id: "debian", Codename: { Length: > 0 } own })
        {
            return [];
        }

        // Archives of others may use the same suite names, so the key or the address has to speak for Debian.
        return Sources
            .Where(source => source.Suite == own || source.Suite == $"{own}-updates" || source.Suite == $"{own}-security")
            .Where(source => source.Components.Split(' ').Contains("main"))
            .Where(source => source.SignedBy.Contains("debian-archive") || (source.SignedBy.Length == 0 && source.Uri.Contains("debian")))
            .Select(source => source with { Suite = source.Suite.Replace(own, release.Codename), Components = "main" })
            .Distinct()
            .ToList();
    }

    private static IEnumerable<AptSource> ReadSources()
    {
        var folder = Path.Combine(Configuration, "sources.list.d");
        var files = new[] { Path.Combine(Configuration, "sources.list") }
            .Where(File.Exists)
            .Concat(Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order() : [])
            .Where(file => file.EndsWith(".list") || file.EndsWith(".sources"));
        return files.SelectMany(file => AptSource.Parse(file, File.ReadAllText(file)));
    }
}
