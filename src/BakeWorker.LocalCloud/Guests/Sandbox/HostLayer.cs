using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>
/// What the host lends to running guests, as a layer between a guest's disk and what it changes: name servers, the way to package
/// mirrors, and the power commands by their usual paths. A captured disk has nothing of it.
/// </summary>
internal sealed class HostLayer(HostFolders folders, TimeProvider time)
{
    private const UnixFileMode Folder = (UnixFileMode)0b111_101_101;
    private const long LongestFile = 64 * 1024;
    private const UnixFileMode Plain = (UnixFileMode)0b110_100_100;
    private readonly Lazy<Task<HostApt>> _apt = new(ReadAptAsync);

    /// <summary>The layer's folder below the cache for guests on this disk.</summary>
    public async Task<string> EnsureAsync(MountedDisk disk, CancellationToken ct)
    {
        var archive = Pack(Files(disk, await _apt.Value.WaitAsync(ct)));
        var folder = $"layers/{Convert.ToHexStringLower(SHA256.HashData(archive))[..16]}";
        if (Directory.Exists(folders.Full(folder)))
        {
            return folder;
        }

        using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
        if (!Directory.Exists(folders.Full(folder)))
        {
            var (partial, claim) = folders.Claim("layers", Path.GetFileName(folder));
            var file = folders.Full(partial) + ".tar";
            try
            {
                await File.WriteAllBytesAsync(file, archive, ct);
                await DiskArchive.ExtractAsync(folders, file, partial, ct);
                Directory.Move(folders.Full(partial), folders.Full(folder));
            }
            finally
            {
                File.Delete(file);
                await folders.RemoveAsync(partial, claim, CancellationToken.None);
            }
        }

        return folder;
    }

    private static Task<HostApt> ReadAptAsync() =>
        HostTool.Find("apt-config") is null ? Task.FromResult(new HostApt("", [])) : HostApt.ReadAsync(CancellationToken.None);

    private IEnumerable<TarEntry> Files(MountedDisk disk, HostApt apt)
    {
        if (File.Exists("/etc/resolv.conf"))
        {
            yield return Entry("etc/resolv.conf", File.ReadAllText("/etc/resolv.conf"));
        }

        // Nobody runs the services that a package would start when it is installed.
        yield return Entry("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", Folder);
        foreach (var name in new[] { "shutdown", "poweroff", "halt", "reboot" })
        {
            yield return new UstarTarEntry(TarEntryType.SymbolicLink, $"usr/sbin/{name}") { LinkName = $"/run/sandbox/bin/{name}" };
        }

        // The disk does not outlive a power cut of this machine anyway.
        if (Has(disk, "etc/dpkg/dpkg.cfg.d"))
        {
            yield return Entry("etc/dpkg/dpkg.cfg.d/99host", "force-unsafe-io\n");
        }

        if (!Has(disk, "etc/apt"))
        {
            yield break;
        }

        // Nobody reads package descriptions in a guest, and they are as large as the lists themselves.
        var settings = new StringBuilder(apt.Settings).Append("\nAcquire::Languages \"none\";");
        var mirrors = Mirrors(disk, apt);
        if (apt.Certificates is { } certificates && File.Exists(certificates))
        {
            yield return Entry("etc/apt/host-certificates.crt", File.ReadAllText(certificates));
            settings.Append("\nAcquire::https::CaInfo \"/etc/apt/host-certificates.crt\";");
        }

        yield return Entry("etc/apt/apt.conf.d/99host", settings.ToString().Trim() + "\n");

        if (mirrors.Count > 0)
        {
            yield return Entry("etc/apt/sources.list.d/debian.sources", string.Join('\n', mirrors.Select(Stanza)));
            foreach (var key in OwnKeys())
            {
                yield return Entry($"etc/apt/trusted.gpg.d/host-{Path.GetFileName(key)}", File.ReadAllBytes(key));
            }
        }
    }

    /// <summary>The host's mirrors, where they are not Debian's own and the disk still has the sources that its base came with.</summary>
    private IReadOnlyList<AptSource> Mirrors(MountedDisk disk, HostApt apt)
    {
        if (
            ReadPlain(disk, "usr/lib/os-release") is not { } text
            || ReadPlain(disk, "etc/apt/sources.list.d/debian.sources") is not { } list
        )
        {
            return [];
        }

        var release = DebianRelease.Find($"debian-{OsRelease.Parse(text).Version}-amd64", "amd64");
        if (release is null || list != release.SourcesFile)
        {
            return [];
        }

        var mirrors = apt.MirrorsOf(release);
        return mirrors.All(mirror => release.Archives.Any(own => own.Uri == mirror.Uri.TrimEnd('/') && own.Suite == mirror.Suite))
            ? []
            : mirrors;
    }

    private static string Stanza(AptSource source) =>
        $"Types: deb\nURIs: {source.Uri}\nSuites: {source.Suite}\nComponents: {source.Components}\n"
        + (source.SignedBy.Length > 0 ? $"Signed-By: {DebianRelease.Keyring}\n" : "")
        + (source.IsTrusted ? "Trusted: yes\n" : "");

    /// <summary>Keys that the host's administrator added: a mirror may sign with its own.</summary>
    private static IEnumerable<string> OwnKeys() =>
        Directory.Exists("/etc/apt/trusted.gpg.d")
            ? Directory.EnumerateFiles("/etc/apt/trusted.gpg.d").Where(file => !Path.GetFileName(file).StartsWith("debian-archive-"))
            : [];

    private bool Has(MountedDisk disk, string folder) =>
        disk.Layers.Select(layer => folders.Full($"{layer}/{folder}")).FirstOrDefault(Path.Exists) is { } found && Directory.Exists(found);

    /// <summary>A short file of the disk that no link on the way to it could have made one of the host's.</summary>
    private string? ReadPlain(MountedDisk disk, string path)
    {
        // The uppermost layer that has it says what it is: a pipe, or overlayfs's mark of a file that is gone, has no length.
        var full = disk.Layers.Select(layer => FindPlain(folders.Full(layer), path)).FirstOrDefault(found => found is not null);
        return full is not null && new FileInfo(full) is { Exists: true, LinkTarget: null, Length: > 0 and < LongestFile }
            ? File.ReadAllText(full)
            : null;
    }

    /// <summary>The path in one layer, as far as it leads through folders to anything else; null when this layer does not say.</summary>
    private static string? FindPlain(string layer, string path)
    {
        var full = layer;
        foreach (var part in path.Split('/'))
        {
            full = Path.Combine(full, part);
            if (new FileInfo(full) is { Exists: true } or { LinkTarget: not null })
            {
                return full;
            }
        }

        return null;
    }

    private static UstarTarEntry Entry(string name, string text, UnixFileMode mode = Plain) =>
        Entry(name, Encoding.UTF8.GetBytes(text), mode);

    private static UstarTarEntry Entry(string name, byte[] content, UnixFileMode mode = Plain) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = mode };

    private static byte[] Pack(IEnumerable<TarEntry> files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var made = new HashSet<string>();
            foreach (var file in files)
            {
                for (var slash = file.Name.IndexOf('/'); slash > 0; slash = file.Name.IndexOf('/', slash + 1))
                {
                    if (made.Add(file.Name[..slash]))
                    {
                        Add(tar, new UstarTarEntry(TarEntryType.Directory, file.Name[..slash]) { Mode = Folder });
                    }
                }

                Add(tar, file);
            }
        }

        return stream.ToArray();
    }

    // The same content must give the same archive: its hash is the layer's name.
    private static void Add(TarWriter tar, TarEntry entry)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        tar.WriteEntry(entry);
    }
}
