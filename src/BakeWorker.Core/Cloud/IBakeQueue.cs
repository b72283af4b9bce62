using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Cloud;

/// <summary>Which of the worker's queues: requests that somebody waits for, or those of the night.</summary>
public enum Lane
{
    Requests,
    Nightly,
}

/// <summary>A request on its way into a queue.</summary>
/// <param name="Recipe">Messages of one recipe keep their order on FIFO queues, where the group waits while one of it is in work.</param>
/// <param name="DeduplicationId">What makes it the same message for FIFO queues, sent twice within five minutes.</param>
public sealed record QueuedRequest(string Body, string Recipe, string DeduplicationId)
{
    /// <summary>Owner of the recipe, whose many messages must not keep others' waiting on standard queues; the recipe when it is not known.</summary>
    public string? Owner { get; init; }

    /// <summary>W3C <c>traceparent</c> of the producer; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>How long nobody may receive it: 0 to 15 minutes (SQS DelaySeconds). FIFO queues take none.</summary>
    public TimeSpan Delay { get; init; }

    public Lane Lane { get; init; }
}

/// <summary>A request message that this worker holds for now.</summary>
public sealed record QueueMessage
{
    public required string MessageId { get; init; }
    public required string ReceiptHandle { get; init; }
    public required string Body { get; init; }

    /// <summary>The queue that it came from.</summary>
    public Lane Lane { get; init; }

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
public sealed record QueueDepth(int Waiting, int InWork, int Later, int? Dead)
{
    /// <summary>In the nightly queue, where nobody has them yet; null where there is no such queue.</summary>
    public int? Nightly { get; init; }
}

/// <summary>The request queue, the nightly one where there is one, and where results go.</summary>
public interface IBakeQueue
{
    /// <summary>Messages per call, as SQS has it.</summary>
    const int MaxBatch = 10;

    /// <summary>The queue's own name, for messages and spans.</summary>
    string Name { get; }

    /// <summary>Whether requests of the night have a queue of their own; otherwise they go through the request queue.</summary>
    bool HasNightly { get; }

    string NameOf(Lane lane);

    /// <summary>Long-polls once (up to 20 s). May answer nothing. Once begun it is not cut short: what it brings when <paramref name="ct"/> is cancelled is for the caller to release.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int max, TimeSpan visibility, CancellationToken ct);

    /// <summary>The same of one of the queues. <paramref name="glance"/>: only for a second, which still asks all of SQS's servers.</summary>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(Lane lane, bool glance, int max, TimeSpan visibility, CancellationToken ct);

    /// <summary>Keeps up to <see cref="MaxBatch"/> messages invisible, in one call.</summary>
    Task<Heartbeat> ExtendAsync(IReadOnlyCollection<QueueMessage> messages, TimeSpan visibility, CancellationToken ct);

    /// <summary>Makes the message visible again after the delay; zero hands it over at once.</summary>
    Task ReleaseAsync(QueueMessage message, TimeSpan delay, CancellationToken ct);

    Task RemoveAsync(QueueMessage message, CancellationToken ct);

    /// <summary>Copies the message to the dead-letter queue with the reason as an attribute, then removes it. False, and nothing done, where there is no such queue.</summary>
    Task<bool> BuryAsync(QueueMessage message, string code, string reason, CancellationToken ct);

    /// <summary>Sends a request and answers its message id.</summary>
    Task<string> SendAsync(QueuedRequest request, CancellationToken ct);

    /// <summary>Sends all of them, as many to a call as SQS takes. Those that SQS refuses for the moment are sent again.</summary>
    /// <exception cref="BakeFailedException">Some could not be sent. Which is not said: sent again, they are the same requests.</exception>
    Task SendAllAsync(IReadOnlyCollection<QueuedRequest> requests, CancellationToken ct);

    /// <summary>How much waits, for people to look at.</summary>
    Task<QueueDepth> ReadDepthAsync(CancellationToken ct);

    /// <summary>Sends a result to the configured results queue, if there is one.</summary>
    Task AnnounceAsync(string body, string bakeId, CancellationToken ct);

    /// <summary>Sends a result to the queue a requester named, unless it is the results queue.</summary>
    Task ReplyAsync(string body, string bakeId, string replyTo, CancellationToken ct);
}
