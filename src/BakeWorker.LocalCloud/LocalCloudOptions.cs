namespace BakeWorker.LocalCloud;

/// <summary>How a LocalCloud behaves.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>The twelve-digit account everything belongs to.</summary>
    public string AccountId { get; init; } = "123456789012";

    /// <summary>Regions that exist. A call signed for another one is refused as AWS does.</summary>
    public IReadOnlyList<string> Regions { get; init; } =
    ["eu-central-1", "eu-west-1", "eu-north-1", "us-east-1", "us-east-2", "us-west-2"];

    /// <summary>The cloud's own delays are divided by this; what guests run takes the time it takes. 1 is AWS's pace.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Seed of ids and of jitter: the same seed and the same calls give the same answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where captured images are kept; null keeps nothing beyond the process.</summary>
    public string? DataFolder { get; init; }

    /// <summary>An OSV-format advisory file (or folder) instead of the bundled one.</summary>
    public string? AdvisoriesPath { get; init; }
}
