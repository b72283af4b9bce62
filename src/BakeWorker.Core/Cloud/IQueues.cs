namespace BakeWorker.Core.Cloud;

/// <summary>A queue as it is set up.</summary>
public sealed record QueueView(string Name)
{
    /// <summary>Name of the queue that gets what was received too often; null for none.</summary>
    public string? DeadLetterQueue { get; init; }

    /// <summary>How often a message may be received before it goes there.</summary>
    public int MaxReceives { get; init; }

    /// <summary>How long it keeps a message: SQS MessageRetentionPeriod.</summary>
    public required TimeSpan Retention { get; init; }
}

/// <summary>Queues besides the worker's own: a requester opens one for his answer, an operator those of a new LocalCloud.</summary>
public interface IQueues
{
    /// <summary>
    /// Finds, else creates, and answers the URL. With <paramref name="deadLetterQueue"/> (a name) messages go there after
    /// <paramref name="maxReceives"/> receives that did not end in a removal.
    /// </summary>
    Task<string> EnsureAsync(string name, string? deadLetterQueue, int maxReceives, CancellationToken ct);

    /// <summary>By name or URL; null when there is none such.</summary>
    Task<QueueView?> FindAsync(string nameOrUrl, CancellationToken ct);

    /// <summary>Long-polls once (up to 20 s). May answer nothing.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string nameOrUrl, TimeSpan visibility, CancellationToken ct);

    /// <summary>Lets somebody else have the message at once; succeeds when it is no longer ours.</summary>
    Task ReleaseMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct);

    Task RemoveMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct);

    /// <summary>Removes the queue with everything in it; succeeds when it is gone already.</summary>
    Task RemoveAsync(string url, CancellationToken ct);
}
