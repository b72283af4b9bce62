using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>SendMessage and SendMessageBatch.</summary>
internal sealed partial class Sending(LocalCloudAccount account, Queues queues, Receiving receiving)
{
    public JsonObject Send(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var answer = Store(queue, input);
        receiving.Deliver(queue);
        return answer;
    }

    public JsonObject SendBatch(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var entries = Batch.Read(call, input);
        var total = entries.Sum(SentSize);
        if (total > AttributeRules.SizeLimit)
        {
            throw new CloudException(
                "BatchRequestTooLong",
                $"Batch requests cannot be longer than {AttributeRules.SizeLimit} bytes. You have sent {total} bytes."
            );
        }

        var answer = Batch.Run(entries, entry => Store(queue, entry));
        receiving.Deliver(queue);
        return answer;
    }

    private JsonObject Store(Queue queue, JsonObject input)
    {
        var message = Read(queue, input);
        var traceHeader = TraceAttributes(input);
        var answer = new JsonObject { ["MD5OfMessageBody"] = message.BodyDigest };
        Put(answer, "MD5OfMessageAttributes", MessageAttribute.Digest(message.Attributes));
        Put(answer, "MD5OfMessageSystemAttributes", MessageAttribute.Digest(traceHeader));

        var stored = queue.IsFifo ? AddOnce(queue, message) : Add(queue, message);
        answer["MessageId"] = stored.MessageId;
        Put(answer, "SequenceNumber", stored.SequenceNumber);
        return answer;
    }

    private static StoredMessage Add(Queue queue, StoredMessage message)
    {
        queue.Add(message);
        return message;
    }

    private StoredMessage AddOnce(Queue queue, StoredMessage message)
    {
        var now = account.Clock.Now;
        var scope = queue.Attribute("DeduplicationScope") == "messageGroup" ? message.GroupId : "";
        var key = $"{scope} {message.DeduplicationId}";
        if (queue.Deduplication.Find(key, now) is { } accepted)
        {
            return accepted;
        }

        message.SequenceNumber = queue.Deduplication.NextSequenceNumber();
        queue.Deduplication.Remember(key, message, now);
        return Add(queue, message);
    }

    private StoredMessage Read(Queue queue, JsonObject input)
    {
        var body = input.String("MessageBody");
        if (string.IsNullOrEmpty(body))
        {
            throw SqsErrors.Missing("MessageBody");
        }

        if (!IsAllowed(body))
        {
            throw new CloudException(
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
            );
        }

        var attributes = MessageAttribute.Read(input.Object("MessageAttributes"));
        var limit = queue.Number("MaximumMessageSize");
        if (Encoding.UTF8.GetByteCount(body) + attributes.Sum(attribute => (long)attribute.Size) > limit)
        {
            throw SqsErrors.Invalid($"One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes.");
        }

        var now = account.Clock.Now;
        var group = ReadGroup(queue, input);
        return new()
        {
            MessageId = account.NewUuid(),
            Body = body,
            BodyDigest = MessageAttribute.Md5(Encoding.UTF8.GetBytes(body)),
            SentAt = now,
            VisibleAt = now + TimeSpan.FromSeconds(ReadDelay(queue, input)),
            Attributes = attributes,
            TraceHeader = TraceAttributes(input) is [var header] ? Encoding.UTF8.GetString(header.Value) : null,
            GroupId = group,
            DeduplicationId = ReadDeduplicationId(queue, input, body),
        };
    }

    private static int ReadDelay(Queue queue, JsonObject input)
    {
        if (input.Int("DelaySeconds") is not { } delay)
        {
            return queue.Number("DelaySeconds");
        }

        if (queue.IsFifo && delay != 0)
        {
            throw SqsErrors.InvalidValue("DelaySeconds", delay, "The request include parameter that is not valid for this queue type.");
        }

        return delay is >= 0 and <= 900
            ? queue.IsFifo
                ? queue.Number("DelaySeconds")
                : delay
            : throw SqsErrors.InvalidValue("DelaySeconds", delay, "DelaySeconds must be >= 0 and <= 900.");
    }

    private static string? ReadGroup(Queue queue, JsonObject input)
    {
        var group = input.String("MessageGroupId");
        if (group is null)
        {
            return queue.IsFifo ? throw SqsErrors.Missing("MessageGroupId") : null;
        }

        CheckId("MessageGroupId", group);
        return group;
    }

    private static string? ReadDeduplicationId(Queue queue, JsonObject input, string body)
    {
        var id = input.String("MessageDeduplicationId");
        if (id is not null)
        {
            CheckId("MessageDeduplicationId", id);
        }

        if (!queue.IsFifo)
        {
            return id is null
                ? null
                : throw SqsErrors.InvalidValue(
                    "MessageDeduplicationId",
                    id,
                    "The request include parameter that is not valid for this queue type."
                );
        }

        return id
            ?? (
                queue.Attribute("ContentBasedDeduplication") == "true"
                    ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))
                    : throw SqsErrors.Invalid(
                        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
                    )
            );
    }

    private static void CheckId(string parameter, string value)
    {
        if (!IdPattern().IsMatch(value))
        {
            throw SqsErrors.InvalidValue(
                parameter,
                value,
                $"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."
            );
        }
    }

    private static IReadOnlyList<MessageAttribute> TraceAttributes(JsonObject input)
    {
        var system = MessageAttribute.Read(input.Object("MessageSystemAttributes"));
        return system.All(attribute => attribute is { Name: "AWSTraceHeader", DataType: "String" })
            ? system
            : throw SqsErrors.Invalid("The only message system attribute that can be sent is AWSTraceHeader, of type String.");
    }

    /// <summary>What an entry weighs, whether or not it will be accepted. The trace header does not count.</summary>
    private static long SentSize(JsonObject entry) =>
        Encoding.UTF8.GetByteCount(entry.String("MessageBody") ?? "")
        + (entry.Object("MessageAttributes") ?? []).Sum(pair => MessageAttribute.SentSize(pair.Key, pair.Value as JsonObject ?? []));

    private static bool IsAllowed(string body)
    {
        for (var i = 0; i < body.Length; i++)
        {
            var allowed = body[i] switch
            {
                '\t' or '\n' or '\r' => true,
                >= ' ' and < '\uD800' or >= '\uE000' and <= '\uFFFD' => true,
                _ => char.IsSurrogatePair(body, i) && ++i > 0,
            };
            if (!allowed)
            {
                return false;
            }
        }

        return true;
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    [GeneratedRegex("""^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}$""", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
