namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>One vulnerability and the package versions that have it, as OSV files describe it. <paramref name="Id"/> is the CVE where there is one.</summary>
public sealed record Advisory(string Id, string Summary, string Severity, double Score)
{
    /// <summary>CVSS vector; empty when the file gives none.</summary>
    public string Vector { get; init; } = "";
    public string SourceUrl { get; init; } = "";
    public DateTimeOffset? PublishedAt { get; init; }
    public required IReadOnlyList<AffectedPackage> Affected { get; init; }
}

/// <summary>Versions of one package in one ecosystem. <paramref name="Name"/> is the source package where the ecosystem has such.</summary>
public sealed record AffectedPackage(string Ecosystem, string Name)
{
    public IReadOnlyList<VersionRange> Ranges { get; init; } = [];

    /// <summary>Single versions that are affected besides the ranges.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];
}

/// <summary>From <paramref name="Introduced"/> (<c>0</c>: ever since) until before <paramref name="Fixed"/>, or up to <paramref name="LastAffected"/>; open when both are null.</summary>
public sealed record VersionRange(string Introduced, string? Fixed, string? LastAffected)
{
    public bool Contains(string version, IComparer<string> order) =>
        (Introduced == "0" || order.Compare(version, Introduced) >= 0)
        && (Fixed is null || order.Compare(version, Fixed) < 0)
        && (LastAffected is null || order.Compare(version, LastAffected) <= 0);
}
