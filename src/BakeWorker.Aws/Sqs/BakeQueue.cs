using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Sqs;

/// <summary>The request queue over SQS, standard or FIFO.</summary>
internal sealed class BakeQueue(IAmazonSQS sqs, AwsOptions options, TimeProvider time) : IBakeQueue
{
    // SQS ChangeMessageVisibility: 0 to 12 hours.
    private static readonly TimeSpan LongestVisibility = TimeSpan.FromHours(12);
    private static readonly TimeSpan LateAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private readonly Queues _queues = new(sqs);

    public string Name => NameOf(Lane.Requests);

    public bool HasNightly => !string.IsNullOrEmpty(options.NightlyQueue);

    public string NameOf(Lane lane) => Of(lane)[(Of(lane).LastIndexOf('/') + 1)..];

    public Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int max, TimeSpan visibility, CancellationToken ct) =>
        ReceiveAsync(Lane.Requests, glance: false, max, visibility, ct);

    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(Lane lane, bool glance, int max, TimeSpan visibility, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var queue = await FindAsync(lane, ct);
        var wait = glance && options.ReceiveWait > Glance ? Glance : options.ReceiveWait;
        // SQS may give a message to a poll that we have dropped, even one that we just handed over: what is open is waited for.
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var impatience = ct.Register(() => patience.CancelAfter(wait + LateAnswer));
        var response = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = queue.Url,
                MaxNumberOfMessages = Math.Clamp(max, 1, IBakeQueue.MaxBatch),
                VisibilityTimeout = Seconds(visibility),
                WaitTimeSeconds = Seconds(wait),
                MessageAttributeNames = [TraceContext.TraceParent, TraceContext.TraceState, TraceContext.Baggage],
                MessageSystemAttributeNames =
                [
                    MessageSystemAttributeName.AWSTraceHeader,
                    MessageSystemAttributeName.ApproximateReceiveCount,
                    MessageSystemAttributeName.SentTimestamp,
                    MessageSystemAttributeName.ApproximateFirstReceiveTimestamp,
                ],
            },
            patience.Token
        );
        return [.. (response.Messages ?? []).Select(message => QueueMessages.From(message, time.GetUtcNow()) with { Lane = lane })];
    }

    public async Task<Heartbeat> ExtendAsync(IReadOnlyCollection<QueueMessage> messages, TimeSpan visibility, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var beats = await Task.WhenAll(
            messages.GroupBy(message => message.Lane).Select(some => ExtendAsync(some.Key, [.. some], visibility, ct))
        );
        return new Heartbeat([.. beats.SelectMany(beat => beat.Kept)], [.. beats.SelectMany(beat => beat.Gone)]);
    }

    private async Task<Heartbeat> ExtendAsync(Lane lane, List<QueueMessage> messages, TimeSpan visibility, CancellationToken ct)
    {
        var receipts = messages.ConvertAll(message => message.ReceiptHandle);
        var request = new ChangeMessageVisibilityBatchRequest
        {
            QueueUrl = (await FindAsync(lane, ct)).Url,
            Entries =
            [
                .. receipts.Select(
                    (receipt, index) =>
                        new ChangeMessageVisibilityBatchRequestEntry
                        {
                            Id = index.ToString(CultureInfo.InvariantCulture),
                            ReceiptHandle = receipt,
                            VisibilityTimeout = Seconds(visibility),
                        }
                ),
            ],
        };
        var response = await sqs.ChangeMessageVisibilityBatchAsync(request, ct);
        return new Heartbeat(
            [.. (response.Successful ?? []).Select(entry => Receipt(entry.Id))],
            [.. (response.Failed ?? []).Where(entry => QueueMessages.IsNoLongerOurs(entry.Code)).Select(entry => Receipt(entry.Id))]
        );

        string Receipt(string id) => receipts[int.Parse(id, CultureInfo.InvariantCulture)];
    }

    public async Task ReleaseAsync(QueueMessage message, TimeSpan delay, CancellationToken ct)
    {
        try
        {
            await sqs.ChangeMessageVisibilityAsync(
                new ChangeMessageVisibilityRequest
                {
                    QueueUrl = (await FindAsync(message.Lane, ct)).Url,
                    ReceiptHandle = message.ReceiptHandle,
                    VisibilityTimeout = Seconds(delay),
                },
                ct
            );
        }
        catch (BakeFailedException failure) when (QueueMessages.IsNoLongerOurs(failure)) { }
    }

    public async Task RemoveAsync(QueueMessage message, CancellationToken ct)
    {
        try
        {
            var request = new DeleteMessageRequest
            {
                QueueUrl = (await FindAsync(message.Lane, ct)).Url,
                ReceiptHandle = message.ReceiptHandle,
            };
            await sqs.DeleteMessageAsync(request, ct);
        }
        catch (BakeFailedException failure) when (QueueMessages.IsNoLongerOurs(failure)) { }
    }

    public async Task<bool> BuryAsync(QueueMessage message, string code, string reason, CancellationToken ct)
    {
        if (await FindDeadAsync(message.Lane, ct) is not { } dead)
        {
            return false;
        }

        var attributes = new Dictionary<string, string?>
        {
            [QueueMessages.FailureCode] = code,
            [QueueMessages.FailureReason] = reason,
            [QueueMessages.OriginalId] = message.MessageId,
            [TraceContext.TraceParent] = message.TraceParent,
        };
        await SendAsync(dead, message.Body, code, message.MessageId, attributes, ct);
        await RemoveAsync(message, ct);
        return true;
    }

    public async Task<string> SendAsync(QueuedRequest request, CancellationToken ct)
    {
        var queue = await FindAsync(request.Lane, ct);
        return (
            await sqs.SendMessageAsync(
                new SendMessageRequest
                {
                    QueueUrl = queue.Url,
                    MessageBody = request.Body,
                    MessageGroupId = QueueSending.Group(queue, request),
                    MessageDeduplicationId = QueueSending.Deduplication(queue, request),
                    DelaySeconds = QueueSending.Delay(queue, request),
                    MessageAttributes = QueueSending.Attributes(request),
                },
                ct
            )
        ).MessageId;
    }

    public async Task<QueueDepth> ReadDepthAsync(CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var own = await _queues.CountAsync(await FindAsync(Lane.Requests, ct), ct);
        var nightly = HasNightly ? await _queues.CountAsync(await FindAsync(Lane.Nightly, ct), ct) : null;
        own = own with { Nightly = nightly?.Waiting };
        try
        {
            var dead = await FindDeadAsync(Lane.Requests, ct) is { } found ? await _queues.CountAsync(found, ct) : null;
            return own with { Dead = dead?.Waiting };
        }
        catch (BakeFailedException failure) when (failure.Kind != FailureKind.Transient)
        {
            // It may belong to somebody else, who lets us bury but not look.
            return own;
        }
    }

    public async Task SendAllAsync(IReadOnlyCollection<QueuedRequest> requests, CancellationToken ct)
    {
        foreach (var lane in requests.GroupBy(request => request.Lane))
        {
            var queue = await FindAsync(lane.Key, ct);
            foreach (var some in QueueSending.Split(lane))
            {
                await QueueSending.SendAsync(sqs, queue, some, time, ct);
            }
        }
    }

    public async Task AnnounceAsync(string body, string bakeId, CancellationToken ct)
    {
        if (await FindResultsAsync(ct) is { } results)
        {
            await SendAsync(results, body, bakeId, body, [], ct);
        }
    }

    public async Task ReplyAsync(string body, string bakeId, string replyTo, CancellationToken ct)
    {
        if (replyTo != (await FindResultsAsync(ct))?.Url)
        {
            await SendAsync(Queues.Check(replyTo, await FindAsync(Lane.Requests, ct)), body, bakeId, body, [], ct);
        }
    }

    private async Task<QueueAddress?> FindResultsAsync(CancellationToken ct) =>
        options.ResultsQueue is { Length: > 0 } named ? await _queues.FindAsync(named, ct) : null;

    private async Task<QueueAddress?> FindDeadAsync(Lane lane, CancellationToken ct) =>
        options.DeadLetterQueue is { Length: > 0 } named
            ? await _queues.FindAsync(named, ct)
            : await _queues.FindDeadLetterAsync(await FindAsync(lane, ct), ct);

    private Task<QueueAddress> FindAsync(Lane lane, CancellationToken ct) => _queues.FindAsync(Of(lane), ct);

    private string Of(Lane lane) => lane == Lane.Nightly && HasNightly ? options.NightlyQueue! : options.Queue!;

    private async Task<string> SendAsync(
        QueueAddress queue,
        string body,
        string group,
        string deduplicationId,
        Dictionary<string, string?> attributes,
        CancellationToken ct
    )
    {
        var response = await sqs.SendMessageAsync(
            new SendMessageRequest
            {
                QueueUrl = queue.Url,
                MessageBody = body,
                MessageGroupId = queue.IsFifo ? Names.QueueId(group) : null,
                MessageDeduplicationId = queue.IsFifo ? Names.QueueId(deduplicationId) : null,
                MessageAttributes = QueueMessages.Attributes(attributes),
            },
            ct
        );
        return response.MessageId;
    }

    private static int Seconds(TimeSpan span) => (int)Math.Ceiling(Math.Clamp(span.TotalSeconds, 0, LongestVisibility.TotalSeconds));
}
