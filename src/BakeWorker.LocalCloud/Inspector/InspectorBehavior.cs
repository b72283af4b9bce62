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
}
