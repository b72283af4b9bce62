using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Proofs;

/// <summary>Package URLs (purl) of what an operating system's package manager installed.</summary>
internal static class PackageUrl
{
    // What rpm calls architectures that dpkg calls otherwise.
    private static readonly string[] OfRpm = ["noarch", "x86_64", "aarch64", "i686"];

    public static string Of(InstalledPackage package, InstalledPackage? system) =>
        system?.Architecture switch
        {
            "windows" => $"pkg:generic/{Escaped(package.Name)}@{Escaped(package.Version)}?arch={Escaped(package.Architecture)}",
            var id when OfRpm.Contains(package.Architecture) => Rpm(package, id ?? "linux", system?.Version),
            var id => $"pkg:deb/{id ?? "debian"}/{Escaped(package.Name.ToLowerInvariant())}@{Escaped(package.Version)}"
                + $"?arch={Escaped(package.Architecture)}{Distro(id, system?.Version)}",
        };

    private static string Rpm(InstalledPackage package, string id, string? release)
    {
        var (epoch, version) = package.Version.Split(':', 2) is [var before, var after] ? (before, after) : (null, package.Version);
        return $"pkg:rpm/{(id == "rhel" ? "redhat" : id)}/{Escaped(package.Name)}@{Escaped(version)}"
            + $"?arch={Escaped(package.Architecture)}{Distro(id, release)}{(epoch is null ? "" : $"&epoch={epoch}")}";
    }

    // Debian's packages belong to a release, not to one of its points.
    private static string Distro(string? id, string? release) =>
        id is null || string.IsNullOrEmpty(release) ? "" : $"&distro={id}-{Escaped(id == "debian" ? release.Split('.')[0] : release)}";

    private static string Escaped(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
