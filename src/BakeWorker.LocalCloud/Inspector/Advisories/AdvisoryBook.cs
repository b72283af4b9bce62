using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>A vulnerability that an installed package has. <paramref name="FixedIn"/> is null when no version mends it.</summary>
public sealed record VulnerablePackage(Package Package, string? FixedIn);

/// <summary>An advisory with the installed packages it is about.</summary>
public sealed record AdvisoryMatch(Advisory Advisory, IReadOnlyList<VulnerablePackage> Packages);

/// <summary>Matches package lists against advisories.</summary>
public sealed class AdvisoryBook
{
    private static readonly Lazy<AdvisoryBook> Sample = new(() => new AdvisoryBook(OsvReader.ReadBundled()));

    private readonly ILookup<(string Ecosystem, string Package), (Advisory Advisory, AffectedPackage Affected)> _byPackage;

    public AdvisoryBook(IEnumerable<Advisory> advisories) =>
        _byPackage = advisories
            .SelectMany(advisory => advisory.Affected.Select(affected => (Advisory: advisory, Affected: affected)))
            .ToLookup(entry => (Normal(entry.Affected.Ecosystem), entry.Affected.Name), entry => entry);

    /// <summary>The sample set that comes with LocalCloud; see <see cref="OsvReader.ReadBundled"/>.</summary>
    public static AdvisoryBook Bundled => Sample.Value;

    /// <summary>Every vulnerability in the list, once each, by id.</summary>
    public IReadOnlyList<AdvisoryMatch> Find(PackageList list)
    {
        var ecosystem = Normal(list.Ecosystem);
        return list
            .Packages.SelectMany(package => Find(ecosystem, package))
            .GroupBy(hit => hit.Advisory.Id, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new AdvisoryMatch(group.First().Advisory, group.Select(hit => hit.Vulnerable).Distinct().ToList()))
            .ToList();
    }

    private IEnumerable<(Advisory Advisory, VulnerablePackage Vulnerable)> Find(string ecosystem, Package package)
    {
        var order = VersionOrder.For(ecosystem);
        // Debian and Ubuntu name source packages; the RPM world names either kind.
        var names = order is RpmVersionOrder ? new[] { package.Source, package.Name }.Distinct() : [package.Source];
        foreach (var (advisory, affected) in names.SelectMany(name => _byPackage[(ecosystem, name)]))
        {
            var range = order is null ? null : affected.Ranges.FirstOrDefault(range => range.Contains(package.Version, order));
            if (range is not null || affected.Versions.Contains(package.Version, StringComparer.Ordinal))
            {
                yield return (advisory, new VulnerablePackage(package, range?.Fixed));
            }
        }
    }

    /// <summary>OSV says <c>Ubuntu:24.04:LTS</c>; distributions of the RPM world are told apart by their major version only.</summary>
    private static string Normal(string ecosystem)
    {
        var text = ecosystem.EndsWith(":LTS", StringComparison.Ordinal) ? ecosystem[..^4] : ecosystem;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && VersionOrder.For(text) is RpmVersionOrder ? text[..dot] : text;
    }
}
