namespace BakeWorker.LocalCloud.Inspector;

/// <summary>How this Inspector behaves, for tests that need a bad day. May be changed while it runs.</summary>
public sealed class InspectorBehavior
{
    /// <summary>Whether EC2 scanning is on; on-demand image scans do not need it.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Scans that have not ended yet never will: instances stay pending, image scans stay in progress.</summary>
    public bool NeverFinishes { get; set; }

    /// <summary>A reason such as <c>ACCESS_DENIED</c> that every image scan ends with; null lets them succeed.</summary>
    public string? ImageScanFailure { get; set; }

    /// <summary>A reason such as <c>UNSUPPORTED_OS</c> that managed instances show instead of being scanned; null scans them.</summary>
    public string? InstanceScanFailure { get; set; }

    /// <summary>A reason such as <c>DEEP_INSPECTION_NO_INVENTORY</c> that scanned instances show because their languages were not; null scans all.</summary>
    public string? PartialScan { get; set; }

    /// <summary>Image scans succeed, but EC2 never shows what they found.</summary>
    public bool HidesImageFindings { get; set; }

    /// <summary>Vulnerabilities that a suppression rule of the account hides; <c>*</c> for all.</summary>
    public ISet<string> Suppressed { get; } = new HashSet<string>();

    /// <summary>Vulnerabilities with a known exploit.</summary>
    public ISet<string> Exploited { get; } = new HashSet<string>();

    /// <summary>EPSS by vulnerability, 0 to 1; Inspector shows none for the others.</summary>
    public IDictionary<string, double> Epss { get; } = new Dictionary<string, double>();

    internal string StatusOf(Findings.Finding finding) =>
        !finding.IsClosed && (Suppressed.Contains("*") || Suppressed.Contains(finding.Advisory.Id)) ? "SUPPRESSED" : finding.Status;

    internal string ExploitOf(Findings.Finding finding) => Exploited.Contains(finding.Advisory.Id) ? "YES" : "NO";

    internal double? EpssOf(Findings.Finding finding) => Epss.TryGetValue(finding.Advisory.Id, out var score) ? score : null;
}
