namespace BakeWorker.Core.Waiting;

/// <summary>How often the cloud is read while somebody waits.</summary>
public sealed class WaitingOptions
{
    /// <summary>Instances, agents and commands: what changes within seconds. Default 4 s, so that a launch that dies is noticed within five.</summary>
    public TimeSpan Fast { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Images, copies and scans: what takes minutes. Default 15 s.</summary>
    public TimeSpan Slow { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The longest pause between two looks at something that is not due, or long overdue; up to twice as long where so many wait that a look takes
    /// several calls. Default 1 min.
    /// </summary>
    public TimeSpan Calm { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long reads may fail before those who wait are sent away to try again later. Default 2 min.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
