namespace BakeWorker.Testing.Otlp;

/// <summary>A span as a collector receives it.</summary>
public sealed record OtlpSpan(string TraceId, string SpanId, string ParentId, string Name, int Kind)
{
    public const int Internal = 1;
    public const int Server = 2;
    public const int Client = 3;
    public const int Producer = 4;
    public const int Consumer = 5;

    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Trace and span of each link.</summary>
    public required IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; }

    /// <summary>Attributes of the process that sent it.</summary>
    public required IReadOnlyDictionary<string, string> Resource { get; init; }

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Reads an ExportTraceServiceRequest.</summary>
    internal static IReadOnlyList<OtlpSpan> Read(ReadOnlySpan<byte> request) => OtlpRequest.Read(request, ReadSpan);

    private static OtlpSpan ReadSpan(ReadOnlySpan<byte> bytes, IReadOnlyDictionary<string, string> resource)
    {
        var (trace, id, parent, name, kind, start, end) = ("", "", "", "", 0, 0UL, 0UL);
        var (attributes, links) = (new Dictionary<string, string>(), new List<(string, string)>());
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            switch (reader.Field)
            {
                case 1:
                    trace = reader.Hex;
                    break;
                case 2:
                    id = reader.Hex;
                    break;
                case 4:
                    parent = reader.Hex;
                    break;
                case 5:
                    name = reader.Text;
                    break;
                case 6:
                    kind = (int)reader.Number;
                    break;
                case 7:
                    start = reader.Number;
                    break;
                case 8:
                    end = reader.Number;
                    break;
                case 9:
                    OtlpRequest.AddAttribute(reader.Bytes, attributes);
                    break;
                case 13:
                    links.Add(ReadLink(reader.Bytes));
                    break;
            }
        }

        return new OtlpSpan(trace, id, parent, name, kind)
        {
            StartedAt = Time(start),
            EndedAt = Time(end),
            Attributes = attributes,
            Links = links,
            Resource = resource,
        };
    }

    private static (string TraceId, string SpanId) ReadLink(ReadOnlySpan<byte> bytes)
    {
        var (trace, span) = ("", "");
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            (trace, span) = (reader.Field == 1 ? reader.Hex : trace, reader.Field == 2 ? reader.Hex : span);
        }

        return (trace, span);
    }

    private static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
