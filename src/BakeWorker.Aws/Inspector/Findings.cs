using System.Text.RegularExpressions;
using Amazon.EC2.Model;
using Finding = BakeWorker.Core.Cloud.Finding;
using InspectorFinding = Amazon.Inspector2.Model.Finding;
using Severity = BakeWorker.Core.Cloud.Severity;

namespace BakeWorker.Aws.Inspector;

/// <summary>Inspector's findings in the domain's words: one for each vulnerable package, because a waiver may be for one package only.</summary>
internal static partial class Findings
{
    public static IEnumerable<Finding> From(InspectorFinding finding)
    {
        var details = finding.PackageVulnerabilityDetails;
        var title = finding.Title ?? finding.FindingArn ?? "unnamed finding";
        var common = new Finding(details?.VulnerabilityId ?? VulnerabilityOf(title), SeverityOf(finding.Severity?.Value), title)
        {
            IsSuppressed = finding.Status?.Value == "SUPPRESSED",
            FirstObservedAt = Utc(finding.FirstObservedAt),
            PublishedAt = Utc(details?.VendorCreatedAt),
            Score = finding.InspectorScore,
            Epss = finding.Epss?.Score,
            HasExploit = finding.ExploitAvailable?.Value is not (null or "NO"),
            IsFixable = finding.FixAvailable?.Value != "NO",
        };
        return details?.VulnerablePackages is { Count: > 0 } packages
            ? packages
                .Select(package =>
                    common with
                    {
                        Package = package.Name,
                        InstalledVersion = package.Version,
                        FixedVersion = Fix(package.FixedInVersion),
                        // "Partial" is: for some of the packages. An answer that is missing, or new, must not excuse the finding.
                        IsFixable = finding.FixAvailable?.Value is not ("NO" or "PARTIAL") || Fix(package.FixedInVersion) is not null,
                    }
                )
                .DistinctBy(one => (one.Package, one.InstalledVersion))
            : [common];
    }

    /// <summary>EC2 tells the packages only in the title, as in "CVE-2026-1 - libssl3, openssl".</summary>
    public static IEnumerable<Finding> From(ImageFinding finding)
    {
        var title = finding.Title ?? "unnamed finding";
        var dash = title.IndexOf(" - ", StringComparison.Ordinal);
        var common = new Finding(VulnerabilityOf(title), SeverityOf(finding.SeverityLabel?.Value), title)
        {
            IsFixable = finding.FixAvailable ?? true,
            FirstObservedAt = Utc(finding.FirstObservedAt),
            Score = finding.Score,
        };
        return dash < 0
            ? [common]
            : title[(dash + 3)..]
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(package => common with { Package = package.Split(' ')[0] });
    }

    // A rule may say how little the unrated count. A word that nobody here knows is a rating all the same, perhaps the worst.
    public static Severity SeverityOf(string? label) =>
        label?.ToUpperInvariant() switch
        {
            null or "" or "UNTRIAGED" => Severity.Untriaged,
            "INFORMATIONAL" => Severity.Informational,
            "LOW" => Severity.Low,
            "MEDIUM" => Severity.Medium,
            "HIGH" => Severity.High,
            _ => Severity.Critical,
        };

    private static string VulnerabilityOf(string title) => IdPattern().Match(title) is { Success: true } match ? match.Value : title;

    private static string? Fix(string? version) =>
        string.IsNullOrEmpty(version) || string.Equals(version, "NotAvailable", StringComparison.OrdinalIgnoreCase) ? null : version;

    private static DateTimeOffset? Utc(DateTime? time) => time is { } value ? new DateTimeOffset(value.ToUniversalTime()) : null;

    [GeneratedRegex("[A-Z][A-Z0-9]{1,15}-[0-9]{4}[-:][0-9A-Za-z-]{1,24}|GHSA(-[0-9a-z]{4}){3}")]
    private static partial Regex IdPattern();
}
