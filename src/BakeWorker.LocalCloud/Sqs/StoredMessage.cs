namespace BakeWorker.LocalCloud.Sqs;

/// <summary>A message in a queue, with what its receivers did to it.</summary>
internal sealed class StoredMessage
{
    public required string MessageId { get; init; }
    public required string Body { get; init; }
    public required string BodyDigest { get; init; }
    public required DateTimeOffset SentAt { get; set; }

    /// <summary>Hidden until then: delayed when never received, else in flight.</summary>
    public required DateTimeOffset VisibleAt { get; set; }
    public IReadOnlyList<MessageAttribute> Attributes { get; init; } = [];
    public string? TraceHeader { get; init; }
    public string? GroupId { get; init; }
    public string? DeduplicationId { get; init; }
    public string? SequenceNumber { get; set; }
    public string? DeadLetterSourceArn { get; set; }

    /// <summary>Receives across all queues that the message was in.</summary>
    public int ReceiveCount { get; private set; }

    /// <summary>Receives in this queue: what a redrive policy counts.</summary>
    public int ReceivesHere { get; private set; }
    public DateTimeOffset? FirstReceivedAt { get; private set; }
    public DateTimeOffset LastReceivedAt { get; private set; }

    public bool IsInFlight(DateTimeOffset now) => ReceivesHere > 0 && VisibleAt > now;

    public bool IsDelayed(DateTimeOffset now) => ReceivesHere == 0 && VisibleAt > now;

    public void Receive(DateTimeOffset now, TimeSpan visibility)
    {
        ReceiveCount++;
        ReceivesHere++;
        FirstReceivedAt ??= now;
        LastReceivedAt = now;
        VisibleAt = now + visibility;
    }

    /// <summary>Enters a dead-letter queue. Standard queues keep the time it was first sent, so its retention goes on; FIFO queues start anew.</summary>
    public void DieFrom(Queue source, DateTimeOffset now)
    {
        DeadLetterSourceArn = source.Arn;
        ReceivesHere = 0;
        VisibleAt = now;
        if (source.IsFifo)
        {
            SentAt = now;
        }
    }
}
