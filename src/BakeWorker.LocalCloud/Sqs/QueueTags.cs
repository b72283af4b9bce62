using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>The tags of queues.</summary>
internal sealed class QueueTags(Queues queues)
{
    public JsonObject Tag(Call call, JsonObject input)
    {
        Add(queues.Get(call.Region, input.String("QueueUrl")), input.StringMap("Tags"));
        return [];
    }

    public JsonObject Untag(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        foreach (var key in input.Strings("TagKeys"))
        {
            queue.Tags.Remove(key);
        }

        return [];
    }

    public JsonObject List(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        return queue.Tags.Count == 0
            ? []
            : new() { ["Tags"] = new JsonObject(queue.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))) };
    }

    /// <summary>Checks all, then sets all.</summary>
    public static void Add(Queue queue, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > 128 || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw SqsErrors.Invalid("Tag keys must be between 1 and 128 characters in length and must not start with 'aws:'.");
            }

            if (value.Length > 256)
            {
                throw SqsErrors.Invalid("Tag values must be between 0 and 256 characters in length.");
            }
        }

        if (tags.Select(tag => tag.Key).Union(queue.Tags.Keys).Count() > 50)
        {
            throw SqsErrors.Invalid($"Too many tags added for queue {queue.Name}: 50 is the limit.");
        }

        foreach (var (key, value) in tags)
        {
            queue.Tags[key] = value;
        }
    }
}
