using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.Aws.Iam;

/// <summary>An IAM policy document.</summary>
public sealed record IamPolicy(IReadOnlyList<IamStatement> Statements)
{
    /// <summary>What the inline policies of a role may be at most, white space not counted.</summary>
    public const int LongestInline = 10_240;

    /// <summary>What a managed policy may be at most, white space not counted.</summary>
    public const int LongestManaged = 6_144;

    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every permission that it gives.</summary>
    public IReadOnlySet<string> Actions =>
        Statements.Where(statement => !statement.IsDenial).SelectMany(statement => statement.Actions).ToHashSet(StringComparer.Ordinal);

    /// <summary>How IAM counts it: in characters, white space left out.</summary>
    public int Length => ToJson().Count(letter => !char.IsWhiteSpace(letter));

    /// <summary>The document as IAM takes it.</summary>
    public string ToJson()
    {
        var document = new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray([.. Statements.Select(statement => statement.ToJson())]),
        };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Layout))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
