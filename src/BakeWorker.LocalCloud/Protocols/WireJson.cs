using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>JSON bodies as bytes.</summary>
internal static class WireJson
{
    public static JsonObject Read(byte[] body)
    {
        try
        {
            return body.Length == 0 ? [] : JsonNode.Parse(body) as JsonObject ?? throw Malformed("the body is not a JSON object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Malformed(e.Message);
        }
    }

    public static WireResponse Render(int status, string contentType, JsonObject body) =>
        new(status, contentType, JsonSerializer.SerializeToUtf8Bytes(body));

    public static CloudException Malformed(string detail) => new("SerializationException", detail);
}
