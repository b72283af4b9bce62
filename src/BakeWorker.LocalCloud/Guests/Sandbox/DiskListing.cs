using System.Globalization;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>The files of a captured disk, each with what may differ of it: rights, owner, size and digest, or where it leads.</summary>
public static class DiskListing
{
    /// <summary>By absolute path; null when the file is no archive of a disk.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> ReadAsync(string archive, CancellationToken ct)
    {
        var tool =
            archive.EndsWith(".tar.zst", StringComparison.Ordinal) ? "zstd"
            : archive.EndsWith(".tar.gz", StringComparison.Ordinal) ? "gzip"
            : null;
        if (tool is null || HostTool.Find(tool) is null)
        {
            return null;
        }

        using var unpacked = HostTool.Start([tool, "-d", "-c", "--", archive]);
        try
        {
            var (files, entries) = (new Dictionary<string, string>(), new DiskEntries(unpacked.StandardOutput.BaseStream));
            while (await entries.NextAsync(ct) is { } entry)
            {
                files[Absolute(entry.Name)] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Convert.ToString(entry.Mode & 0xFFF, 8).PadLeft(4, '0')} {entry.Owner}:{entry.Group} {Describe(entry)}"
                );
            }

            return files;
        }
        finally
        {
            unpacked.Kill(entireProcessTree: true);
            await unpacked.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Describe(DiskEntry entry) =>
        entry.Type switch
        {
            '5' => "folder",
            '2' => $"-> {entry.Link}",
            '1' => $"= {Absolute(entry.Link)}",
            '0' or '\0' => string.Create(CultureInfo.InvariantCulture, $"{entry.Size} bytes {entry.Digest[..12]}"),
            _ => $"of type {entry.Type}",
        };

    // "./etc/hosts", and "./" itself.
    private static string Absolute(string name) => $"/{(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).Trim('/')}";
}
