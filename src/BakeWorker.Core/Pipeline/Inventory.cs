using System.IO.Compression;
using System.Text;

namespace BakeWorker.Core.Pipeline;

/// <summary>The packages of a guest at one moment: name and architecture to version.</summary>
public sealed record Inventory(IReadOnlyDictionary<string, string> Packages)
{
    /// <summary>What changed since <paramref name="before"/>, one line per package, sorted.</summary>
    public IReadOnlyList<string> ChangesSince(Inventory before)
    {
        var lines = new List<string>();
        foreach (var name in Packages.Keys.Union(before.Packages.Keys).Order(StringComparer.Ordinal))
        {
            var (had, has) = (before.Packages.GetValueOrDefault(name), Packages.GetValueOrDefault(name));
            if (had is null)
            {
                lines.Add($"+ {name} {has}");
            }
            else if (has is null)
            {
                lines.Add($"- {name} {had}");
            }
            else if (had != has)
            {
                lines.Add($"~ {name} {had} -> {has}");
            }
        }

        return lines;
    }

    /// <summary>Reads what the inventory script prints: gzip in base64 around lines of name, version and architecture. Null when it is something else.</summary>
    public static Inventory? Parse(string output)
    {
        try
        {
            var packed = Convert.FromBase64String(string.Concat(output.Where(character => !char.IsWhiteSpace(character))));
            using var reader = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
            var packages = new Dictionary<string, string>();
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('\t') is [var name, var version, var architecture, ..])
                {
                    packages[$"{name}:{architecture}"] = version;
                }
            }

            return packages.Count == 0 ? null : new Inventory(packages);
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            return null;
        }
    }
}
