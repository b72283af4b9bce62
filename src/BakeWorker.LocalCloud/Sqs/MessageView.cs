using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.Sts;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Which attributes a receiver wants to see with its messages.</summary>
internal sealed record MessageView(IReadOnlyCollection<string> SystemNames, IReadOnlyCollection<string> AttributeNames)
{
    private static readonly string[] KnownSystemNames =
    [
        "All",
        "SenderId",
        "SentTimestamp",
        "ApproximateReceiveCount",
        "ApproximateFirstReceiveTimestamp",
        "SequenceNumber",
        "MessageDeduplicationId",
        "MessageGroupId",
        "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
    ];

    public static MessageView Read(JsonObject input)
    {
        var names = input.Strings("AttributeNames").Concat(input.Strings("MessageSystemAttributeNames")).ToHashSet();
        return names.FirstOrDefault(name => !KnownSystemNames.Contains(name)) is { } unknown
            ? throw SqsErrors.UnknownAttribute(unknown)
            : new(names, input.Strings("MessageAttributeNames"));
    }

    /// <summary>The answer of ReceiveMessage: without the member when there is no message.</summary>
    public JsonObject Render(IReadOnlyList<StoredMessage> messages, Queue queue) =>
        messages.Count == 0
            ? []
            : new() { ["Messages"] = new JsonArray([.. messages.Select(message => (JsonNode)Render(message, queue))]) };

    private JsonObject Render(StoredMessage message, Queue queue)
    {
        var json = new JsonObject
        {
            ["MessageId"] = message.MessageId,
            ["ReceiptHandle"] = new ReceiptHandle(queue.Id, message.MessageId, message.ReceivesHere).ToString(),
            ["MD5OfBody"] = message.BodyDigest,
            ["Body"] = message.Body,
        };
        var system = SystemAttributes(message)
            .Where(pair => pair.Value is not null && (SystemNames.Contains("All") || SystemNames.Contains(pair.Name)))
            .Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value))
            .ToList();
        if (system.Count > 0)
        {
            json["Attributes"] = new JsonObject(system);
        }

        var attributes = message.Attributes.Where(attribute => AttributeNames.Any(name => Matches(name, attribute.Name))).ToList();
        if (attributes.Count > 0)
        {
            json["MD5OfMessageAttributes"] = MessageAttribute.Digest(attributes);
            json["MessageAttributes"] = new JsonObject(attributes.Select(item => KeyValuePair.Create(item.Name, (JsonNode?)item.ToJson())));
        }

        return json;
    }

    private static IEnumerable<(string Name, string? Value)> SystemAttributes(StoredMessage message) =>
        [
            ("SenderId", StsService.UserId),
            ("SentTimestamp", Milliseconds(message.SentAt)),
            ("ApproximateReceiveCount", message.ReceiveCount.ToString(CultureInfo.InvariantCulture)),
            ("ApproximateFirstReceiveTimestamp", message.FirstReceivedAt is { } first ? Milliseconds(first) : null),
            ("SequenceNumber", message.SequenceNumber),
            ("MessageDeduplicationId", message.DeduplicationId),
            ("MessageGroupId", message.GroupId),
            ("AWSTraceHeader", message.TraceHeader),
            ("DeadLetterQueueSourceArn", message.DeadLetterSourceArn),
        ];

    private static bool Matches(string wanted, string name) =>
        wanted is "All" or ".*"
        || wanted == name
        || (wanted.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(wanted[..^2], StringComparison.Ordinal));

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
