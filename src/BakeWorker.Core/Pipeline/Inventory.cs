using System.IO.Compression;
using System.Text;

namespace BakeWorker.Core.Pipeline;

/// <summary>A package of a guest, with the package manager's own words for its version and architecture.</summary>
public sealed record InstalledPackage(string Name, string Version, string Architecture);

/// <summary>A package that came (no <paramref name="Before"/>), went (no <paramref name="After"/>) or moved; named with its architecture.</summary>
public sealed record PackageChange(string Package, string? Before, string? After);

/// <summary>What is installed in a guest at one moment, sorted. The system's release and its newest kernel are listed like packages.</summary>
public sealed record Inventory(IReadOnlyList<InstalledPackage> Packages)
{
    private const string SystemName = "os-release";
    private const string KernelName = "running-kernel";

    /// <summary>The system: its release as version, its id (<c>debian</c>) in the place of an architecture.</summary>
    public InstalledPackage? System => Packages.FirstOrDefault(package => package.Name == SystemName);

    public InstalledPackage? Kernel => Packages.FirstOrDefault(package => package.Name == KernelName);

    /// <summary>What the package manager installed.</summary>
    public IEnumerable<InstalledPackage> Installed => Packages.Where(package => package.Name is not (SystemName or KernelName));

    /// <summary>What changed since <paramref name="before"/>, one line per package, sorted.</summary>
    public IReadOnlyList<string> ChangesSince(Inventory before) =>
        [
            .. ChangesFrom(before)
                .Select(change =>
                    change switch
                    {
                        { Before: null } => $"+ {change.Package} {change.After}",
                        { After: null } => $"- {change.Package} {change.Before}",
                        _ => $"~ {change.Package} {change.Before} -> {change.After}",
                    }
                ),
        ];

    /// <summary>The same, in parts.</summary>
    public IReadOnlyList<PackageChange> ChangesFrom(Inventory before)
    {
        var (had, has) = (Versions(before), Versions(this));
        return
        [
            .. has
                .Keys.Union(had.Keys)
                .Order(StringComparer.Ordinal)
                .Select(name => new PackageChange(name, had.GetValueOrDefault(name), has.GetValueOrDefault(name)))
                .Where(change => change.Before != change.After),
        ];
    }

    /// <summary>Reads what the inventory script prints: gzip in base64 around lines of name, version and architecture. Null when it is something else.</summary>
    public static Inventory? Parse(string output)
    {
        try
        {
            var packed = Convert.FromBase64String(string.Concat(output.Where(character => !char.IsWhiteSpace(character))));
            using var reader = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
            var packages = new List<InstalledPackage>();
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('\t') is [var name, var version, var architecture, ..])
                {
                    packages.Add(new InstalledPackage(name, version, architecture));
                }
            }

            return packages.Count == 0 ? null : new Inventory(packages);
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            return null;
        }
    }

    // Several versions of one package may be installed side by side, as kernels are.
    private static Dictionary<string, string> Versions(Inventory inventory) =>
        inventory
            .Packages.GroupBy(package => $"{package.Name}:{package.Architecture}")
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(package => package.Version)));
}
