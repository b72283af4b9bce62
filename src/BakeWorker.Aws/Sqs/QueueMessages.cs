using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Sqs;

/// <summary>SQS messages in the domain's words, and back.</summary>
internal static class QueueMessages
{
    public const string FailureCode = "bakeworker-failure-code";
    public const string FailureReason = "bakeworker-failure-reason";
    public const string OriginalId = "bakeworker-original-message-id";
    private const int ReasonLength = 2_000;

    public static QueueMessage From(Message message, DateTimeOffset receivedAt) =>
        new()
        {
            MessageId = message.MessageId,
            ReceiptHandle = message.ReceiptHandle,
            Body = message.Body ?? "",
            ReceiveCount = (int)(Number(message, MessageSystemAttributeName.ApproximateReceiveCount) ?? 1),
            SentAt = Time(message, MessageSystemAttributeName.SentTimestamp),
            FirstReceivedAt = Time(message, MessageSystemAttributeName.ApproximateFirstReceiveTimestamp),
            ReceivedAt = receivedAt,
            TraceParent =
                Attribute(message, TraceContext.TraceParent)
                ?? TraceContext.FromXRay(message.Attributes?.GetValueOrDefault(MessageSystemAttributeName.AWSTraceHeader)),
            TraceState = Attribute(message, TraceContext.TraceState),
            Baggage = Attribute(message, TraceContext.Baggage),
        };

    /// <summary>SQS takes neither empty values nor control characters.</summary>
    public static Dictionary<string, MessageAttributeValue>? Attributes(Dictionary<string, string?> values)
    {
        var attributes = values
            .Where(pair => pair.Value is { Length: > 0 })
            .ToDictionary(pair => pair.Key, pair => new MessageAttributeValue { DataType = "String", StringValue = Clean(pair.Value!) });
        return attributes.Count > 0 ? attributes : null;
    }

    /// <summary>The receipt is of a receive that has expired, or that somebody else's has replaced.</summary>
    public static bool IsNoLongerOurs(string code) =>
        code is "ReceiptHandleIsInvalid" or "MessageNotInflight" or "InvalidParameterValue" or "AWS.SimpleQueueService.MessageNotInflight";

    /// <inheritdoc cref="IsNoLongerOurs(string)"/>
    public static bool IsNoLongerOurs(BakeFailedException failure) => IsNoLongerOurs(failure.AwsCode() ?? "");

    private static string Clean(string value)
    {
        var text = value.Length > ReasonLength ? value[..ReasonLength] : value;
        return new string([.. text.Select(c => (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || char.IsSurrogate(c) ? ' ' : c)]);
    }

    private static string? Attribute(Message message, string name) =>
        message.MessageAttributes?.GetValueOrDefault(name)?.StringValue is { Length: > 0 } value ? value : null;

    private static DateTimeOffset? Time(Message message, string name) =>
        Number(message, name) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    private static long? Number(Message message, string name) =>
        long.TryParse(message.Attributes?.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
