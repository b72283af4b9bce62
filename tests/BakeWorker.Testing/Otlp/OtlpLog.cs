namespace BakeWorker.Testing.Otlp;

/// <summary>A log record as a collector receives it.</summary>
public sealed record OtlpLog(string Text, string TraceId, string SpanId)
{
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Reads an ExportLogsServiceRequest.</summary>
    internal static IReadOnlyList<OtlpLog> Read(ReadOnlySpan<byte> request) => OtlpRequest.Read(request, (bytes, _) => ReadLog(bytes));

    private static OtlpLog ReadLog(ReadOnlySpan<byte> bytes)
    {
        var (text, trace, span, attributes) = ("", "", "", new Dictionary<string, string>());
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            switch (reader.Field)
            {
                case 5:
                    for (var any = new ProtoReader(reader.Bytes); any.Read(); )
                    {
                        text = any.Text;
                    }

                    break;
                case 6:
                    OtlpRequest.AddAttribute(reader.Bytes, attributes);
                    break;
                case 9:
                    trace = reader.Hex;
                    break;
                case 10:
                    span = reader.Hex;
                    break;
            }
        }

        return new OtlpLog(text, trace, span) { Attributes = attributes };
    }
}
