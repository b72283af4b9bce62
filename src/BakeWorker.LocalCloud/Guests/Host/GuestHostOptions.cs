namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Where guests keep their files, and who hears of slow preparations.</summary>
public record GuestHostOptions
{
    /// <summary>Captured disks lie in <c>disks</c> below it, with a readable manifest each.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Base disks, what is kept of captured ones, and running guests. May be shared by processes; may be deleted while none runs.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Hears a sentence for each step of a preparation that takes longer than a moment.</summary>
    public IProgress<string>? Progress { get; init; }

    internal string Cache => Path.GetFullPath(CacheFolder ?? Path.Combine(DataFolder, "cache"));

    internal string Disks => Path.GetFullPath(Path.Combine(DataFolder, "disks"));
}
