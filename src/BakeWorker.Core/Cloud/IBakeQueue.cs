namespace BakeWorker.Core.Cloud;

/// <summary>A request message that this worker holds for now.</summary>
public sealed record QueueMessage
{
    public required string MessageId { get; init; }
    public required string ReceiptHandle { get; init; }
    public required string Body { get; init; }

    /// <summary>1-based ApproximateReceiveCount.</summary>
    public int ReceiveCount { get; init; } = 1;
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When any worker received it for the first time.</summary>
    public DateTimeOffset? FirstReceivedAt { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>W3C <c>traceparent</c> of the producer, from the message attribute or AWSTraceHeader; unchecked.</summary>
    public string? TraceParent { get; init; }

    /// <summary>W3C <c>tracestate</c> and <c>baggage</c> of the producer; unchecked.</summary>
    public string? TraceState { get; init; }
    public string? Baggage { get; init; }
}

/// <summary>What a heartbeat achieved, by receipt handle. A receipt in neither list could not be asked for this time.</summary>
/// <param name="Kept">Invisible to others for the visibility asked for.</param>
/// <param name="Gone">No longer ours: expired, or received again.</param>
public sealed record Heartbeat(IReadOnlyList<string> Kept, IReadOnlyList<string> Gone);

/// <summary>How many messages a queue holds, about: SQS GetQueueAttributes.</summary>
/// <param name="Waiting">Nobody has them yet.</param>
/// <param name="InWork">Some worker holds them.</param>
/// <param name="Later">Sent with a delay that is not over.</param>
/// <param name="Dead">In the dead-letter queue; null where there is none, or where it may not be asked.</param>
public sealed record QueueDepth(int Waiting, int InWork, int Later, int? Dead);

/// <summary>The request queue and where results go. One queue per worker.</summary>
public interface IBakeQueue
{
    /// <summary>Messages per call, as SQS has it.</summary>
    const int MaxBatch = 10;

    /// <summary>The queue's own name, for messages and spans.</summary>
    string Name { get; }

    /// <summary>Long-polls once (up to 20 s). May answer nothing. Once begun it is not cut short: what it brings when <paramref name="ct"/> is cancelled is for the caller to release.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int max, TimeSpan visibility, CancellationToken ct);

    /// <summary>Keeps up to <see cref="MaxBatch"/> messages invisible, in one call.</summary>
    Task<Heartbeat> ExtendAsync(IReadOnlyCollection<QueueMessage> messages, TimeSpan visibility, CancellationToken ct);

    /// <summary>Makes the message visible again after the delay; zero hands it over at once.</summary>
    Task ReleaseAsync(QueueMessage message, TimeSpan delay, CancellationToken ct);

    Task RemoveAsync(QueueMessage message, CancellationToken ct);

    /// <summary>Copies the message to the dead-letter queue with the reason as an attribute, then removes it. False, and nothing done, where there is no such queue.</summary>
    Task<bool> BuryAsync(QueueMessage message, string code, string reason, CancellationToken ct);

    /// <summary>Sends a request (FIFO queues get group and deduplication ids) and answers its message id.</summary>
    Task<string> SendAsync(string body, string group, string deduplicationId, string? traceParent, CancellationToken ct);

    /// <summary>How much waits, for people to look at.</summary>
    Task<QueueDepth> ReadDepthAsync(CancellationToken ct);

    /// <summary>Sends a result to the configured results queue, if there is one.</summary>
    Task AnnounceAsync(string body, string bakeId, CancellationToken ct);

    /// <summary>Sends a result to the queue a requester named, unless it is the results queue.</summary>
    Task ReplyAsync(string body, string bakeId, string replyTo, CancellationToken ct);
}
