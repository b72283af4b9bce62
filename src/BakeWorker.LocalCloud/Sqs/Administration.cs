using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Queues made, found, listed, emptied and deleted.</summary>
internal sealed partial class Administration(LocalCloudAccount account, Queues queues, Receiving receiving)
{
    private static readonly TimeSpan PurgeRest = TimeSpan.FromSeconds(60);

    public JsonObject Create(Call call, JsonObject input)
    {
        var name = input.String("QueueName") ?? throw SqsErrors.Missing("QueueName");
        var attributes = input.StringMap("Attributes");
        CheckName(name, attributes.Any(pair => pair is { Key: "FifoQueue", Value: "true" }));
        foreach (var (attribute, value) in attributes)
        {
            AttributeRules.Check(attribute, value, fifo: name.EndsWith(".fifo", StringComparison.Ordinal));
        }

        if (queues.Find(call.Region, name) is { } existing)
        {
            return FirstDifference(existing, attributes) is { } different
                ? throw new CloudException(
                    "QueueNameExists",
                    $"A queue already exists with the same name and a different value for attribute {different}"
                )
                : Url(call, existing);
        }

        var queue = queues.Create(call.Region, name);
        var redrive = attributes.FirstOrDefault(pair => pair.Key == "RedrivePolicy").Value;
        RedrivePolicy.Check(redrive, queue, queues);
        queue.SetAttributes(attributes, account.Clock.Now);
        QueueTags.Add(queue, [.. input.StringMap("tags"), .. input.StringMap("Tags")]);
        queues.Add(queue);
        return Url(call, queue);
    }

    public JsonObject GetUrl(Call call, JsonObject input)
    {
        var name = input.String("QueueName") ?? throw SqsErrors.Missing("QueueName");
        var owner = input.String("QueueOwnerAWSAccountId") ?? account.Options.AccountId;
        var queue = owner == account.Options.AccountId ? queues.Find(call.Region, name) : null;
        return Url(call, queue ?? throw SqsErrors.NoQueue());
    }

    public JsonObject List(Call call, JsonObject input)
    {
        var prefix = input.String("QueueNamePrefix") ?? "";
        var found = queues.In(call.Region).Where(queue => queue.Name.StartsWith(prefix, StringComparison.Ordinal));
        return Page(call, input, found, "QueueUrls");
    }

    public JsonObject ListDeadLetterSources(Call call, JsonObject input) =>
        Page(call, input, queues.SourcesOf(queues.Get(call.Region, input.String("QueueUrl"))), "queueUrls");

    public JsonObject Delete(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        queues.Remove(queue);
        receiving.EndAll(queue);
        return [];
    }

    public JsonObject Purge(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var now = account.Clock.Now;
        if (queue.PurgedAt + PurgeRest > now)
        {
            throw new CloudException(
                "PurgeQueueInProgress",
                $"Only one PurgeQueue operation on {queue.Name} is allowed every 60 seconds.",
                403
            );
        }

        queue.Purge(now);
        return [];
    }

    private static JsonObject Page(Call call, JsonObject input, IEnumerable<Queue> found, string member)
    {
        var size = input.Int("MaxResults") ?? 1000;
        if (size is < 1 or > 1000)
        {
            throw SqsErrors.InvalidValue("MaxResults", size, "MaxResults must be an integer between 1 and 1000.");
        }

        // The token is the last name of the page before: a queue that comes or goes in between moves no other.
        var rest = found.Where(queue => string.CompareOrdinal(queue.Name, input.String("NextToken") ?? "") > 0).ToList();
        JsonArray urls = [.. rest.Take(size).Select(queue => (JsonNode)QueueUrl(call, queue))];
        var answer = new JsonObject();
        if (urls.Count > 0)
        {
            answer[member] = urls;
        }

        if (rest.Count > size)
        {
            answer["NextToken"] = rest[size - 1].Name;
        }

        return answer;
    }

    /// <summary>The first given attribute that the queue has otherwise; null when there is none.</summary>
    private static string? FirstDifference(Queue queue, IEnumerable<KeyValuePair<string, string>> attributes) =>
        attributes.Where(pair => (queue.Attribute(pair.Key) ?? "") != pair.Value).Select(pair => pair.Key).FirstOrDefault();

    private static void CheckName(string name, bool fifo)
    {
        var plain = fifo && name.EndsWith(".fifo", StringComparison.Ordinal) ? name[..^5] : name;
        if (name.Length > 80 || !NamePattern().IsMatch(plain) || (fifo && plain == name))
        {
            throw SqsErrors.Invalid(
                fifo
                    ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
                    : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
            );
        }
    }

    private static JsonObject Url(Call call, Queue queue) => new() { ["QueueUrl"] = QueueUrl(call, queue) };

    private static string QueueUrl(Call call, Queue queue) => $"{call.Endpoint}/{queue.AccountId}/{queue.Name}";

    [GeneratedRegex("^[A-Za-z0-9_-]{1,80}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
