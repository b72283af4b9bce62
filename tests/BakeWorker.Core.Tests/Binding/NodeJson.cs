using System.Text.Json.Nodes;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Tests.Binding;

/// <summary>A document as a JSON Schema validator sees it.</summary>
internal static class NodeJson
{
    public static string Write(Node node) => ToJson(node)?.ToJsonString() ?? "null";

    private static JsonNode? ToJson(Node node) =>
        node switch
        {
            MapNode map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
            ListNode list => new JsonArray([.. list.Items.Select(ToJson)]),
            ScalarNode { Kind: ScalarKind.Null } => null,
            ScalarNode { Kind: ScalarKind.Text } text => JsonValue.Create(text.Text),
            ScalarNode bare => JsonNode.Parse(bare.Text),
            _ => null,
        };
}
