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
    internal static IReadOnlyList<OtlpSpan> Read(ReadOnlySpan<byte> request)
    {
        var spans = new List<OtlpSpan>();
        var reader = new ProtoReader(request);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                ReadResourceSpans(reader.Bytes, spans);
            }
        }

        return spans;
    }

    private static void ReadResourceSpans(ReadOnlySpan<byte> bytes, List<OtlpSpan> spans)
    {
        var resource = new Dictionary<string, string>();
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            if (reader.Field == 1)
            {
                for (var inner = new ProtoReader(reader.Bytes); inner.Read(); )
                {
                    Add(inner, 1, resource);
                }
            }
        }

        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            if (reader.Field == 2)
            {
                for (var scope = new ProtoReader(reader.Bytes); scope.Read(); )
                {
                    if (scope.Field == 2)
                    {
                        spans.Add(ReadSpan(scope.Bytes, resource));
                    }
                }
            }
        }
    }

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
                    Add(reader, 9, attributes);
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

    private static void Add(ProtoReader keyValue, int field, Dictionary<string, string> to)
    {
        if (keyValue.Field != field)
        {
            return;
        }

        var (key, value) = ("", "");
        for (var reader = new ProtoReader(keyValue.Bytes); reader.Read(); )
        {
            if (reader.Field == 1)
            {
                key = reader.Text;
            }
            else
            {
                for (var any = new ProtoReader(reader.Bytes); any.Read(); )
                {
                    value = any.Field == 1 ? any.Text : $"{any.Number}";
                }
            }
        }

        to[key] = value;
    }

    private static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
