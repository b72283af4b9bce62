using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.Core.Proofs;

/// <summary>How documents of proofs are written: UTF-8, indented, members in the order they were put.</summary>
internal static class ProofJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // Files for people and programs, never a part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(JsonNode document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            document.WriteTo(writer);
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    public static string Sha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string Sha256(string text) => Sha256(Encoding.UTF8.GetBytes(text));

    public static JsonArray List(IEnumerable<JsonNode> items) => [.. items];

    public static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>Whether a text that somebody else wrote is to blame: no JSON, members of other kinds than expected, or one member twice.</summary>
    public static bool IsOfText(Exception exception) => exception is JsonException or InvalidOperationException or ArgumentException;

    /// <summary>UTC, RFC 3339 to the second.</summary>
    public static string Time(DateTimeOffset at) => Cloud.ResourceTags.Time(at);
}
