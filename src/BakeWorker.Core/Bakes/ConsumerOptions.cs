namespace BakeWorker.Core.Bakes;

/// <summary>How this worker takes requests from the queue.</summary>
public sealed class ConsumerOptions
{
    /// <summary>Bakes at a time, 1 to 1000. Waiting costs almost nothing, so the limit is the account's, not the machine's. Default 20.</summary>
    public int Concurrency { get; set; } = 20;

    /// <summary>
    /// How many receives from the request queue there are for each from the nightly one, while both have more than there is room for. 1 to 100,
    /// default 4.
    /// </summary>
    public int Weight { get; set; } = 4;

    /// <summary>How long a message stays ours without a heartbeat; the heartbeat comes at a third of it. 30 s to 1 h, default 90 s.</summary>
    public TimeSpan Visibility { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>First wait before a transient failure is tried again; doubled each time up to <see cref="MaxRetryDelay"/>. Default 30 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Default 15 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long transient failures are retried, counted from the first receive of the request. Default 6 h; SQS ends everything at 12 h in flight.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(6);
}
