namespace BakeWorker.Core.Waiting;

/// <summary>How often the cloud is read while somebody waits.</summary>
public sealed class WaitingOptions
{
    /// <summary>Instances, agents and commands: what changes within seconds. Default 5 s.</summary>
    public TimeSpan Fast { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Images, copies and scans: what takes minutes. Default 15 s.</summary>
    public TimeSpan Slow { get; set; } = TimeSpan.FromSeconds(15);
}
