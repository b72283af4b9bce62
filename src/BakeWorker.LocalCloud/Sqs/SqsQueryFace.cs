using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>The same SQS for clients that still speak its Query protocol: forms become the JSON members, answers become flattened XML lists.</summary>
internal sealed class SqsQueryFace(SqsService sqs) : IQueryService
{
    private static readonly string[] Numbers =
    [
        "DelaySeconds",
        "MaxNumberOfMessages",
        "MaxNumberOfMessagesPerSecond",
        "MaxResults",
        "VisibilityTimeout",
        "WaitTimeSeconds",
    ];

    private static readonly Dictionary<string, string> Lists = new()
    {
        ["AttributeName"] = "AttributeNames",
        ["MessageAttributeName"] = "MessageAttributeNames",
        ["MessageSystemAttributeName"] = "MessageSystemAttributeNames",
        ["TagKey"] = "TagKeys",
    };

    private static readonly Dictionary<string, (string Member, string Key)> Maps = new()
    {
        ["Attribute"] = ("Attributes", "Name"),
        ["Tag"] = ("Tags", "Key"),
        ["MessageAttribute"] = ("MessageAttributes", "Name"),
        ["MessageSystemAttribute"] = ("MessageSystemAttributes", "Name"),
    };

    public async ValueTask<IEnumerable<XElement>> InvokeAsync(Call call, QueryInput input, CancellationToken ct)
    {
        var members = ToJson(input);
        // The oldest clients name the queue only by the path they post to.
        if (call.Path.Length > 1 && !members.ContainsKey("QueueUrl"))
        {
            members["QueueUrl"] = call.Endpoint + call.Path;
        }

        return ToXml(call, await sqs.InvokeAsync(call, members, ct));
    }

    private static JsonObject ToJson(QueryInput input)
    {
        var json = new JsonObject();
        foreach (var name in input.Values.Keys.Select(key => key.Split('.')[0]).Distinct().ToList())
        {
            if (Lists.TryGetValue(name, out var list))
            {
                json[list] = new JsonArray([.. input.Strings(name).Select(item => (JsonNode)item)]);
            }
            else if (Maps.TryGetValue(name, out var map))
            {
                json[map.Member] = ToMap(input.Structures(name), map.Key);
            }
            else if (name.EndsWith("BatchRequestEntry", StringComparison.Ordinal))
            {
                json["Entries"] = new JsonArray([.. input.Structures(name).Select(entry => (JsonNode)ToJson(entry))]);
            }
            else
            {
                json[name] = Numbers.Contains(name) ? input.Int(name) : input.String(name);
            }
        }

        return json;
    }

    private static JsonObject ToMap(IEnumerable<QueryInput> pairs, string key)
    {
        var json = new JsonObject();
        foreach (var pair in pairs)
        {
            var name = pair.String(key) ?? throw SqsErrors.Missing(key);
            json[name] = pair.String("Value") is { } text
                ? text
                : new JsonObject(pair.Structure("Value").Values.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value)));
        }

        return json;
    }

    private static IEnumerable<XElement> ToXml(Call call, JsonObject json) =>
        json.SelectMany(member => ToXml(call, member.Key, member.Value));

    private static IEnumerable<XElement> ToXml(Call call, string name, JsonNode? value) =>
        (name, value) switch
        {
            (_, null) => [],
            ("Attributes" or "MessageAttributes", JsonObject map) => map.Select(pair => ToPair(call, name.TrimEnd('s'), "Name", pair)),
            ("Tags", JsonObject map) => map.Select(pair => ToPair(call, "Tag", "Key", pair)),
            (_, JsonArray items) => items.Select(item => new XElement(ItemName(call, name), Content(call, item))),
            _ => [new XElement(name, Content(call, value))],
        };

    private static XElement ToPair(Call call, string element, string key, KeyValuePair<string, JsonNode?> pair) =>
        new(element, new XElement(key, pair.Key), new XElement("Value", Content(call, pair.Value)));

    private static object? Content(Call call, JsonNode? value) =>
        value switch
        {
            JsonObject structure => ToXml(call, structure),
            JsonValue number when number.TryGetValue(out long whole) => whole.ToString(CultureInfo.InvariantCulture),
            JsonValue flag when flag.TryGetValue(out bool set) => set ? "true" : "false",
            _ => value?.ToString(),
        };

    private static string ItemName(Call call, string member) =>
        member switch
        {
            "QueueUrls" or "queueUrls" => "QueueUrl",
            "Messages" => "Message",
            "Failed" => "BatchResultErrorEntry",
            _ => call.Action + "ResultEntry",
        };
}
