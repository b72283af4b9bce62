using System.Collections.Concurrent;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Sqs;

/// <summary>A queue by its URL. FIFO queues say so in their name.</summary>
internal sealed record QueueAddress(string Url)
{
    public string Name => Url[(Url.LastIndexOf('/') + 1)..];
    public bool IsFifo => Name.EndsWith(".fifo", StringComparison.Ordinal);
}

/// <summary>Finds queues by what the settings call them.</summary>
internal sealed class Queues(IAmazonSQS sqs)
{
    private readonly ConcurrentDictionary<string, QueueAddress> _found = new();

    /// <summary>The queue of a name or URL.</summary>
    public async Task<QueueAddress> FindAsync(string nameOrUrl, CancellationToken ct, string? account = null)
    {
        if (nameOrUrl.Contains("://", StringComparison.Ordinal))
        {
            return new QueueAddress(nameOrUrl);
        }

        if (_found.TryGetValue($"{account}/{nameOrUrl}", out var known))
        {
            return known;
        }

        var request = new GetQueueUrlRequest { QueueName = nameOrUrl, QueueOwnerAWSAccountId = account };
        return _found[$"{account}/{nameOrUrl}"] = new QueueAddress((await sqs.GetQueueUrlAsync(request, ct)).QueueUrl);
    }

    /// <summary>The dead-letter queue that a queue's redrive policy names; null without one.</summary>
    public async Task<QueueAddress?> FindDeadLetterAsync(QueueAddress queue, CancellationToken ct)
    {
        var request = new GetQueueAttributesRequest { QueueUrl = queue.Url, AttributeNames = [QueueAttributeName.RedrivePolicy] };
        var attributes = (await sqs.GetQueueAttributesAsync(request, ct)).Attributes ?? [];
        if (!attributes.TryGetValue(QueueAttributeName.RedrivePolicy, out var policy) || Redrive.Parse(policy)?.Target is not { } arn)
        {
            return null;
        }

        // arn:aws:sqs:eu-west-1:123456789012:bakes-dead
        var parts = arn.Split(':');
        return parts.Length == 6 ? await FindAsync(parts[5], ct, parts[4]) : null;
    }

    /// <summary>About how many messages the queue holds.</summary>
    public async Task<QueueDepth> CountAsync(QueueAddress queue, CancellationToken ct)
    {
        var request = new GetQueueAttributesRequest
        {
            QueueUrl = queue.Url,
            AttributeNames =
            [
                QueueAttributeName.ApproximateNumberOfMessages,
                QueueAttributeName.ApproximateNumberOfMessagesNotVisible,
                QueueAttributeName.ApproximateNumberOfMessagesDelayed,
            ],
        };
        var seen = await sqs.GetQueueAttributesAsync(request, ct);
        return new QueueDepth(
            seen.ApproximateNumberOfMessages,
            seen.ApproximateNumberOfMessagesNotVisible,
            seen.ApproximateNumberOfMessagesDelayed,
            Dead: null
        );
    }

    /// <summary>
    /// A queue that a requester named. Only addresses of the service that our own queue lives in: a signed call must go nowhere else.
    /// </summary>
    public static QueueAddress Check(string replyTo, QueueAddress own)
    {
        var isSame =
            Uri.TryCreate(replyTo, UriKind.Absolute, out var uri)
            && Uri.TryCreate(own.Url, UriKind.Absolute, out var mine)
            && Uri.Compare(uri, mine, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return isSame
            ? new QueueAddress(replyTo)
            : throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.RequestInvalid,
                $"replyTo '{replyTo}' is no queue URL of the service that {own.Url} belongs to; give the URL of a queue in the same Region."
            );
    }
}
