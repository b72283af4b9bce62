namespace BakeWorker.LocalCloud.Inspector.Images;

/// <summary>One on-demand scan of an image.</summary>
internal sealed record ImageScan(string ScanId, string Region, string ImageId, DateTimeOffset StartedAt)
{
    public string Status { get; set; } = "IN_PROGRESS";

    /// <summary>Why it failed; null otherwise.</summary>
    public string? Reason { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }
}
