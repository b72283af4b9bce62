using Amazon.Inspector2.Model;
using BakeWorker.Core.Cloud;
using ScanStatus = BakeWorker.Core.Cloud.ScanStatus;

namespace BakeWorker.Aws.Inspector;

/// <summary>What a coverage row means for the gate. It fails closed: only a successful scan is done, and an unknown reason is waited through until the budget ends.</summary>
internal static class Coverage
{
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
        return new ScanStatus(State(reason, isActive), reason)
        {
            ScannedAt = row.LastScannedAt is { } scanned ? new DateTimeOffset(scanned.ToUniversalTime()) : null,
        };
    }

    // With DEEP_INSPECTION_… the packages of the system were scanned and only those of languages were not.
    private static ScanState State(string reason, bool isActive) =>
        Ended.Contains(reason) ? ScanState.Failed
        : isActive && (reason == "SUCCESSFUL" || reason.StartsWith("DEEP_INSPECTION_", StringComparison.Ordinal)) ? ScanState.Done
        : ScanState.Running;
}
