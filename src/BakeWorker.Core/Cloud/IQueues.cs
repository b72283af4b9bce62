namespace BakeWorker.Core.Cloud;

/// <summary>Queues besides the worker's own: a requester opens one for his answer, an operator those of a new LocalCloud.</summary>
public interface IQueues
{
    /// <summary>
    /// Finds, else creates, and answers the URL. With <paramref name="deadLetterQueue"/> (a name) messages go there after
    /// <paramref name="maxReceives"/> receives that did not end in a removal.
    /// </summary>
    Task<string> EnsureAsync(string name, string? deadLetterQueue, int maxReceives, CancellationToken ct);

    /// <summary>Long-polls once (up to 20 s). May answer nothing.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string nameOrUrl, TimeSpan visibility, CancellationToken ct);

    /// <summary>Lets somebody else have the message at once; succeeds when it is no longer ours.</summary>
    Task ReleaseMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct);

    Task RemoveMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct);

    /// <summary>Removes the queue with everything in it; succeeds when it is gone already.</summary>
    Task RemoveAsync(string url, CancellationToken ct);
}
