using System.IO.Compression;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>
/// What a scripted guest says when it is asked for its packages: lines of name, version and architecture, separated by tabs, compressed and
/// base64-encoded, because SSM shows little of a command's output. The system's release is in the list like a package.
/// </summary>
internal static class ScriptedInventory
{
    public static string Print(PackageList? packages)
    {
        var system = (packages?.Ecosystem ?? "unknown:0").Split(':');
        var lines = (packages?.Packages ?? [])
            .Select(package => $"{package.Name}\t{package.Version}\t{package.Architecture}\n")
            .Append($"os-release\t{system[1]}\t{Id(system[0])}\n")
            .Order(StringComparer.Ordinal);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(lines)));
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static string Id(string ecosystem) => ecosystem == "Amazon Linux" ? "amzn" : ecosystem.ToLowerInvariant();
}
