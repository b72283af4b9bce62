using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>GetQueueAttributes and SetQueueAttributes.</summary>
internal sealed class QueueSettings(LocalCloudAccount account, Queues queues)
{
    private static readonly string[] Settable =
    [
        "Policy",
        "RedrivePolicy",
        "RedriveAllowPolicy",
        "KmsMasterKeyId",
        "KmsDataKeyReusePeriodSeconds",
        .. AttributeRules.Defaults(fifo: true).Keys,
    ];

    public JsonObject Get(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var names = input.Strings("AttributeNames");
        var all = Values(queue);
        foreach (var name in names)
        {
            if (name != "All" && !all.ContainsKey(name) && !Settable.Contains(name))
            {
                throw SqsErrors.UnknownAttribute(name);
            }
        }

        var wanted = all.Where(pair => names.Contains("All") || names.Contains(pair.Key)).ToList();
        return wanted.Count == 0
            ? []
            : new() { ["Attributes"] = new JsonObject(wanted.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) };
    }

    public JsonObject Set(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var attributes = input.StringMap("Attributes");
        foreach (var (name, value) in attributes)
        {
            if (name == "FifoQueue" && value != (queue.IsFifo ? "true" : "false"))
            {
                throw new CloudException(
                    "InvalidAttributeValue",
                    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."
                );
            }

            AttributeRules.Check(name, value, queue.IsFifo);
            if (name == "RedrivePolicy")
            {
                RedrivePolicy.Check(value, queue, queues);
            }
        }

        queue.SetAttributes(attributes, account.Clock.Now);
        return [];
    }

    private Dictionary<string, string> Values(Queue queue)
    {
        var now = account.Clock.Now;
        queue.Expire(now);
        return new(queue.Attributes)
        {
            ["QueueArn"] = queue.Arn,
            ["CreatedTimestamp"] = Seconds(queue.CreatedAt),
            ["LastModifiedTimestamp"] = Seconds(queue.ModifiedAt),
            ["ApproximateNumberOfMessages"] = Count(queue, message => message.VisibleAt <= now),
            ["ApproximateNumberOfMessagesNotVisible"] = Count(queue, message => message.IsInFlight(now)),
            ["ApproximateNumberOfMessagesDelayed"] = Count(queue, message => message.IsDelayed(now)),
        };
    }

    private static string Count(Queue queue, Func<StoredMessage, bool> which) =>
        queue.Messages.Count(which).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
