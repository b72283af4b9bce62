namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Root file systems as compressed tar archives, with the ids that guests see.</summary>
internal static class DiskArchive
{
    private static readonly (byte[] Magic, string[] Unpack)[] Formats =
    [
        ([0x28, 0xB5, 0x2F, 0xFD], ["zstd", "-d"]),
        ([0x1F, 0x8B], ["gzip", "-d"]),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], ["xz", "-d"]),
        ([0x42, 0x5A, 0x68], ["bzip2", "-d"]),
    ];

    /// <summary>The best compressor here, and the ending its files have.</summary>
    public static (string[] Command, string Ending) Compressor { get; } =
        HostTool.Find("zstd") is not null ? (["zstd", "-q", "-1", "-T0"], ".tar.zst")
        : HostTool.Find("pigz") is not null ? (["pigz", "-1"], ".tar.gz")
        : (["gzip", "-1"], ".tar.gz");

    /// <summary>Extracts an archive into an empty folder of the cache, as the root of a guest.</summary>
    public static async Task ExtractAsync(HostFolders folders, string file, string target, CancellationToken ct)
    {
        var unpack = await ReadFormatAsync(file, ct);
        if (unpack.Length > 0 && HostTool.Find(unpack[0]) is null)
        {
            throw new GuestHostException($"{file} cannot be read without the program '{unpack[0]}', which this machine does not have");
        }

        var extract = new HostNamespace(folders.Root, HostScripts.Extract, [target, .. unpack])
        {
            Owned = folders.Full(target),
            Input = file,
        };
        await extract.RunAsync($"{file} cannot be extracted", ct);
    }

    private static async Task<string[]> ReadFormatAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new GuestHostException($"There is no file {file}");
        }

        var start = new byte[8];
        await using var stream = File.OpenRead(file);
        _ = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct);
        return Array.Find(Formats, format => start.AsSpan().StartsWith(format.Magic)).Unpack ?? [];
    }
}
