using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>JSON bodies as bytes.</summary>
internal static class WireJson
{
    // A second member of the same name would otherwise be found only when somebody looks for the first.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonObject Read(byte[] body)
    {
        try
        {
            return body.Length == 0
                ? []
                : JsonNode.Parse(body, documentOptions: Strict) as JsonObject ?? throw Malformed("the body is not a JSON object");
        }
        catch (JsonException e)
        {
            throw Malformed(e.Message);
        }
    }

    public static WireResponse Render(int status, string contentType, JsonObject body) =>
        new(status, contentType, JsonSerializer.SerializeToUtf8Bytes(body));

    public static CloudException Malformed(string detail) => new("SerializationException", detail);
}
