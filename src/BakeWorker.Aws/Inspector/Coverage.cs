using Amazon.Inspector2.Model;
using BakeWorker.Core.Cloud;
using ScanStatus = BakeWorker.Core.Cloud.ScanStatus;

namespace BakeWorker.Aws.Inspector;

/// <summary>
/// What a coverage row means for the gate. It fails closed: only a successful scan is done. What Inspector mends by itself is waited for, as is a reason
/// that nobody here knows, and when the budget ends that is a failure, too.
/// </summary>
internal static class Coverage
{
    /// <summary>Inspector goes on by itself, or the instance is not known to SSM yet.</summary>
    private static readonly HashSet<string> Pending =
    [
        "PENDING_INITIAL_SCAN",
        "PENDING_REVIVAL_SCAN",
        "SCAN_IN_PROGRESS",
        "NO_INVENTORY",
        "STALE_INVENTORY",
        "UNMANAGED_EC2_INSTANCE",
        "RESOURCE_UNMANAGED",
        "INTERNAL_ERROR",
    ];

    /// <summary>The packages of the system were scanned and those of languages were not.</summary>
    private static readonly HashSet<string> Partial =
    [
        "DEEP_INSPECTION_PACKAGE_COLLECTION_LIMIT_EXCEEDED",
        "DEEP_INSPECTION_DAILY_SSM_INVENTORY_LIMIT_EXCEEDED",
        "DEEP_INSPECTION_COLLECTION_TIME_LIMIT_EXCEEDED",
        "DEEP_INSPECTION_NO_INVENTORY",
    ];

    /// <summary>No scan will come of it.</summary>
    private static readonly HashSet<string> Ended =
    [
        "ACCESS_DENIED",
        "ACCESS_DENIED_TO_ENCRYPTION_KEY",
        "UNSUPPORTED_OS",
        "UNSUPPORTED_RUNTIME",
        "UNSUPPORTED_MEDIA_TYPE",
        "UNSUPPORTED_CONFIG_FILE",
        "UNSUPPORTED_LANGUAGE",
        "UNSUPPORTED_CODE_ARTIFACTS",
        "SCAN_ELIGIBILITY_EXPIRED",
        "RESOURCE_TERMINATED",
        "NO_RESOURCES_FOUND",
        "IMAGE_SIZE_EXCEEDED",
        "IMAGE_ARCHIVED",
        "SCAN_FREQUENCY_MANUAL",
        "SCAN_FREQUENCY_SCAN_ON_PUSH",
        "EC2_INSTANCE_STOPPED",
        "RESOURCE_STOPPED",
        "PENDING_DISABLE",
        "EXCLUDED_BY_TAG",
        "AGENTLESS_INSTANCE_STORAGE_LIMIT_EXCEEDED",
        "AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED",
        "INTEGRATION_CONNECTION_LOST",
        "NO_SCAN_CONFIGURATION_ASSOCIATED",
    ];

    public static ScanStatus From(CoveredResource row)
    {
        var reason = row.ScanStatus?.Reason?.Value ?? "UNKNOWN";
        var isActive = row.ScanStatus?.StatusCode?.Value == "ACTIVE";
        return new ScanStatus(State(reason, isActive), Knows(reason) ? reason : $"{reason}, which is not known here")
        {
            ScannedAt = row.LastScannedAt is { } scanned ? new DateTimeOffset(scanned.ToUniversalTime()) : null,
        };
    }

    /// <summary>Whether somebody has thought about what this reason means.</summary>
    public static bool Knows(string reason) =>
        reason == "SUCCESSFUL" || Pending.Contains(reason) || Partial.Contains(reason) || Ended.Contains(reason);

    private static ScanState State(string reason, bool isActive) =>
        Ended.Contains(reason) ? ScanState.Failed
        : isActive && reason == "SUCCESSFUL" ? ScanState.Done
        : isActive && Partial.Contains(reason) ? ScanState.Partial
        : ScanState.Running;
}
