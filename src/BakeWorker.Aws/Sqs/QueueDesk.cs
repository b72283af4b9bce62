using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Sqs;

/// <summary>Opens, reads and closes queues for people and their requests.</summary>
internal sealed class QueueDesk(IAmazonSQS sqs, AwsOptions options, TimeProvider time) : IQueues
{
    private readonly Queues _queues = new(sqs);

    public async Task<string> EnsureAsync(string name, string? deadLetterQueue, int maxReceives, CancellationToken ct)
    {
        // CreateQueue answers the existing queue of that name as long as no attribute differs.
        var request = new CreateQueueRequest { QueueName = name };
        if (deadLetterQueue is not null)
        {
            request.Attributes = new()
            {
                [QueueAttributeName.RedrivePolicy] = new JsonObject
                {
                    ["deadLetterTargetArn"] = await FindArnAsync(deadLetterQueue, ct),
                    ["maxReceiveCount"] = maxReceives,
                }.ToJsonString(),
            };
        }

        return (await sqs.CreateQueueAsync(request, ct)).QueueUrl;
    }

    public async Task<QueueView?> FindAsync(string nameOrUrl, CancellationToken ct)
    {
        try
        {
            var queue = await _queues.FindAsync(nameOrUrl, ct);
            var request = new GetQueueAttributesRequest
            {
                QueueUrl = queue.Url,
                AttributeNames = [QueueAttributeName.RedrivePolicy, QueueAttributeName.MessageRetentionPeriod],
            };
            var seen = (await sqs.GetQueueAttributesAsync(request, ct)).Attributes ?? [];
            var redrive = seen.TryGetValue(QueueAttributeName.RedrivePolicy, out var policy) ? Redrive.Parse(policy) : null;
            var retention = seen.GetValueOrDefault(QueueAttributeName.MessageRetentionPeriod.Value, "0");
            return new QueueView(queue.Name)
            {
                DeadLetterQueue = redrive?.Target.Split(':')[^1],
                MaxReceives = redrive?.MaxReceives ?? 0,
                Retention = TimeSpan.FromSeconds(int.Parse(retention, CultureInfo.InvariantCulture)),
            };
        }
        catch (BakeFailedException failure) when (IsGone(failure))
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string nameOrUrl, TimeSpan visibility, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var response = await sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = await UrlAsync(nameOrUrl, ct),
                MaxNumberOfMessages = 10,
                VisibilityTimeout = (int)visibility.TotalSeconds,
                WaitTimeSeconds = (int)options.ReceiveWait.TotalSeconds,
                MessageSystemAttributeNames =
                [
                    MessageSystemAttributeName.ApproximateReceiveCount,
                    MessageSystemAttributeName.SentTimestamp,
                ],
            },
            ct
        );
        return [.. (response.Messages ?? []).Select(message => QueueMessages.From(message, time.GetUtcNow()))];
    }

    public async Task ReleaseMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct)
    {
        try
        {
            await sqs.ChangeMessageVisibilityAsync(await UrlAsync(nameOrUrl, ct), message.ReceiptHandle, 0, ct);
        }
        catch (BakeFailedException failure) when (QueueMessages.IsNoLongerOurs(failure)) { }
    }

    public async Task RemoveMessageAsync(string nameOrUrl, QueueMessage message, CancellationToken ct)
    {
        try
        {
            await sqs.DeleteMessageAsync(await UrlAsync(nameOrUrl, ct), message.ReceiptHandle, ct);
        }
        catch (BakeFailedException failure) when (QueueMessages.IsNoLongerOurs(failure)) { }
    }

    public async Task RemoveAsync(string url, CancellationToken ct)
    {
        try
        {
            await sqs.DeleteQueueAsync(url, ct);
        }
        catch (BakeFailedException failure) when (IsGone(failure)) { }
    }

    private static bool IsGone(BakeFailedException failure) =>
        failure.Is("QueueDoesNotExist", "NonExistentQueue", "AWS.SimpleQueueService.NonExistentQueue");

    private async Task<string> UrlAsync(string nameOrUrl, CancellationToken ct) => (await _queues.FindAsync(nameOrUrl, ct)).Url;

    private async Task<string> FindArnAsync(string name, CancellationToken ct)
    {
        var request = new GetQueueAttributesRequest { QueueUrl = await UrlAsync(name, ct), AttributeNames = [QueueAttributeName.QueueArn] };
        return (await sqs.GetQueueAttributesAsync(request, ct)).QueueARN;
    }
}
