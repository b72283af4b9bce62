namespace BakeWorker.Core.Cloud;

/// <summary>Inspector's severities, mildest first. <see cref="Untriaged"/> is unknown risk, not none; an unknown value reads as Critical.</summary>
public enum Severity
{
    Informational,
    Low,
    Medium,
    High,
    Critical,
    Untriaged,
}

/// <summary>One vulnerability in the image.</summary>
public sealed record Finding(string VulnerabilityId, Severity Severity, string Title)
{
    public string? Package { get; init; }
    public string? InstalledVersion { get; init; }
    public string? FixedVersion { get; init; }
    public bool IsFixable { get; init; }
    public bool IsSuppressed { get; init; }
    public DateTimeOffset? FirstObservedAt { get; init; }

    /// <summary>When the vendor published it: grace counts from here, because on a fresh instance everything is first observed now.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Inspector's score, 0 to 10.</summary>
    public double? Score { get; init; }

    /// <summary>The probability that it is exploited within 30 days, 0 to 1, by FIRST's EPSS.</summary>
    public double? Epss { get; init; }
    public bool HasExploit { get; init; }
}

/// <summary>Where a scan stands.</summary>
public enum ScanState
{
    /// <summary>Keep waiting, within the budget.</summary>
    Running,
    Done,

    /// <summary>The packages of the system were scanned, those of languages were not, and will not be.</summary>
    Partial,

    /// <summary>It will never give an answer: the gate fails closed, with the reason.</summary>
    Failed,
}

/// <summary>A scan at one moment. <paramref name="Reason"/> is Inspector's own word, such as PENDING_INITIAL_SCAN or UNSUPPORTED_OS.</summary>
public sealed record ScanStatus(ScanState State, string Reason)
{
    public DateTimeOffset? ScannedAt { get; init; }

    /// <summary>It failed for a reason of Inspector's own, so another one may succeed.</summary>
    public bool MayPassNextTime { get; init; }
}

/// <summary>Amazon Inspector.</summary>
public interface IScans
{
    /// <summary>Why Inspector scans no instance of this account; null when nothing stands in the way.</summary>
    Task<string?> FindObstacleAsync(CancellationToken ct);

    /// <summary>
    /// Coverage of running instances (ListCoverage, scan type PACKAGE), one batched read for the watcher. An instance Inspector has
    /// no row for is left out. Done needs ACTIVE, SUCCESSFUL and a scan after <see cref="Instance.LaunchedAt"/>, which the caller checks.
    /// </summary>
    Task<IReadOnlyDictionary<InstanceId, ScanStatus>> ReadCoverageAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct);

    /// <summary>All package findings of one instance, active and suppressed, every page.</summary>
    Task<IReadOnlyList<Finding>> ListFindingsAsync(InstanceId instance, CancellationToken ct);

    /// <summary>
    /// Active findings that an update would mend, in running instances of the image, as Inspector knows them now; null when there are more than
    /// <see cref="MostOfImage"/> of them.
    /// </summary>
    Task<IReadOnlyList<Finding>?> FindFixableAsync(ImageId image, CancellationToken ct);

    /// <summary>A large fleet of old instances could show any number.</summary>
    const int MostOfImage = 2000;

    /// <summary>Adopts the last on-demand scan of the image unless it failed, else starts one: each that succeeds is charged.</summary>
    Task<ScanKey> EnsureImageScanAsync(ImageId image, CancellationToken ct);

    /// <summary>State of on-demand scans for the watcher.</summary>
    Task<IReadOnlyDictionary<ScanKey, ScanStatus>> ReadImageScansAsync(IReadOnlyCollection<ScanKey> keys, CancellationToken ct);

    /// <summary>
    /// Findings of the image's last scan (EC2 GetImageFindings), or null while EC2 shows no scan result since <paramref name="since"/>, or one whose
    /// worst severity is not that of the findings.
    /// </summary>
    Task<IReadOnlyList<Finding>?> FindImageFindingsAsync(ImageId image, DateTimeOffset since, CancellationToken ct);
}
