using System.Globalization;
using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Aws.Naming;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Sqs;

/// <summary>Requests as messages, many in few calls. SQS answers for each entry of a call by itself, so one can half succeed.</summary>
internal static class QueueSending
{
    // Queues that are older than the limit of 1 MiB still refuse more than this in one call.
    private const int Bytes = 200_000;
    private const int Rounds = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Parts that one call takes.</summary>
    public static IEnumerable<IReadOnlyList<QueuedRequest>> Split(IEnumerable<QueuedRequest> requests)
    {
        var (part, size) = (new List<QueuedRequest>(), 0);
        foreach (var request in requests)
        {
            var bytes = Encoding.UTF8.GetByteCount(request.Body);
            if (part.Count == IBakeQueue.MaxBatch || (part.Count > 0 && size + bytes > Bytes))
            {
                yield return part;
                (part, size) = ([], 0);
            }

            part.Add(request);
            size += bytes;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    /// <summary>Sends a part; entries that failed by no fault of ours are sent again, a little later each time.</summary>
    /// <exception cref="BakeFailedException">An entry was refused, or failed time after time.</exception>
    public static async Task SendAsync(
        IAmazonSQS sqs,
        QueueAddress queue,
        IReadOnlyList<QueuedRequest> part,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var open = part.Select((request, index) => Entry(queue, request, index.ToString(CultureInfo.InvariantCulture))).ToList();
        BatchResultErrorEntry? last = null;
        for (var round = 1; round <= Rounds; round++)
        {
            var answer = await sqs.SendMessageBatchAsync(new SendMessageBatchRequest(queue.Url, open), ct);
            var failed = answer.Failed ?? [];
            if (failed.Count == 0)
            {
                return;
            }

            last = failed[0];
            if (failed.Find(one => one.SenderFault == true) is { } refused)
            {
                throw Failed(FailureKind.Failed, FailureCodes.AwsRejected, queue, failed.Count, refused);
            }

            open = open.FindAll(one => failed.Exists(other => other.Id == one.Id));
            await Task.Delay(Pause * round, time, ct);
        }

        throw Failed(FailureKind.Transient, FailureCodes.AwsUnavailable, queue, open.Count, last!);
    }

    // A FIFO group waits as a whole while one of its messages is in work; on a standard queue the group only shares it fairly.
    public static string Group(QueueAddress queue, QueuedRequest request) =>
        Names.QueueId(queue.IsFifo ? request.Recipe : request.Owner ?? request.Recipe);

    public static string? Deduplication(QueueAddress queue, QueuedRequest request) =>
        queue.IsFifo ? Names.QueueId(request.DeduplicationId) : null;

    public static int? Delay(QueueAddress queue, QueuedRequest request) =>
        queue.IsFifo || request.Delay <= TimeSpan.Zero ? null : (int)Math.Ceiling(request.Delay.TotalSeconds);

    public static Dictionary<string, MessageAttributeValue>? Attributes(QueuedRequest request) =>
        QueueMessages.Attributes(new Dictionary<string, string?> { [TraceContext.TraceParent] = request.TraceParent });

    private static SendMessageBatchRequestEntry Entry(QueueAddress queue, QueuedRequest request, string id) =>
        new(id, request.Body)
        {
            MessageGroupId = Group(queue, request),
            MessageDeduplicationId = Deduplication(queue, request),
            DelaySeconds = Delay(queue, request),
            MessageAttributes = Attributes(request),
        };

    private static BakeFailedException Failed(FailureKind kind, string code, QueueAddress queue, int count, BatchResultErrorEntry why) =>
        new(kind, code, $"{count} messages could not be sent to {queue.Name}: {why.Code}: {why.Message}");
}
