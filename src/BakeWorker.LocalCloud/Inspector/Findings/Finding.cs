using BakeWorker.LocalCloud.Inspector.Advisories;

namespace BakeWorker.LocalCloud.Inspector.Findings;

/// <summary>A vulnerability of one instance, from its first sight until it is mended or the instance is gone.</summary>
internal sealed class Finding(string arn, Advisory advisory, DateTimeOffset firstObservedAt)
{
    public string Arn { get; } = arn;
    public Advisory Advisory { get; set; } = advisory;
    public DateTimeOffset FirstObservedAt { get; } = firstObservedAt;
    public DateTimeOffset LastObservedAt { get; set; } = firstObservedAt;
    public DateTimeOffset UpdatedAt { get; set; } = firstObservedAt;
    public bool IsClosed { get; set; }
    public IReadOnlyList<VulnerablePackage> Packages { get; set; } = [];

    public string Status => IsClosed ? "CLOSED" : "ACTIVE";
    public string Title => TitleOf(Advisory, Packages);
    public string FixAvailable => FixOf(Packages);

    public static string TitleOf(Advisory advisory, IReadOnlyList<VulnerablePackage> packages) =>
        $"{advisory.Id} - {string.Join(", ", packages.Select(vulnerable => vulnerable.Package.Name))}";

    public static string FixOf(IReadOnlyList<VulnerablePackage> packages) =>
        packages.All(vulnerable => vulnerable.FixedIn is not null) ? "YES"
        : packages.Any(vulnerable => vulnerable.FixedIn is not null) ? "PARTIAL"
        : "NO";
}
