namespace BakeWorker.Core.Sweeping;

/// <summary>When and where a worker looks for what nobody owns any more.</summary>
public sealed class SweepOptions
{
    /// <summary>From one sweep of this worker to its next, with some jitter. Zero turns it off. Default 1 h.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>From a bake's deadline to the removal of what it left. Default 1 h: longer than publishing, which a deadline does not stop, may take.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What is younger is never touched: EC2 shows new things, and their tags, only after a while. Default 15 min.</summary>
    public TimeSpan Young { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Regions to look into besides the home Region and those of the recipes: where a recipe published once.</summary>
    public IList<string> Regions { get; set; } = [];
}
