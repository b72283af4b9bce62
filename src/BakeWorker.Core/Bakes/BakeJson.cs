using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BakeWorker.Core.Bakes;

/// <summary>The JSON of requests and results; source-generated, so that it survives trimming.</summary>
[JsonSerializable(typeof(BakeRequest))]
[JsonSerializable(typeof(BakeResult))]
internal sealed partial class BakeJson : JsonSerializerContext
{
    public static BakeJson Compact { get; } = new(OptionsWith(indented: false));
    public static BakeJson Indented { get; } = new(OptionsWith(indented: true));

    private static JsonSerializerOptions OptionsWith(bool indented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter<Outcome>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
            WriteIndented = indented,
            NewLine = "\n",
            // Messages quote what people wrote; SQS bodies and terminals are no HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}
