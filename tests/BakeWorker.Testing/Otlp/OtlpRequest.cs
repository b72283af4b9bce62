namespace BakeWorker.Testing.Otlp;

/// <summary>What requests of all signals have in common: items by scope by resource, and attributes.</summary>
internal static class OtlpRequest
{
    public delegate T ReadItem<out T>(ReadOnlySpan<byte> bytes, IReadOnlyDictionary<string, string> resource);

    public static IReadOnlyList<T> Read<T>(ReadOnlySpan<byte> request, ReadItem<T> read)
    {
        var items = new List<T>();
        for (var reader = new ProtoReader(request); reader.Read(); )
        {
            if (reader.Field == 1)
            {
                ReadOfResource(reader.Bytes, read, items);
            }
        }

        return items;
    }

    /// <summary>Reads a KeyValue; a key that comes twice is kept with both values, as no collector should see it.</summary>
    public static void AddAttribute(ReadOnlySpan<byte> keyValue, Dictionary<string, string> to)
    {
        var (key, value) = ("", "");
        for (var reader = new ProtoReader(keyValue); reader.Read(); )
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

        to[key] = to.TryGetValue(key, out var before) ? $"{before} and {value}" : value;
    }

    private static void ReadOfResource<T>(ReadOnlySpan<byte> bytes, ReadItem<T> read, List<T> items)
    {
        var resource = new Dictionary<string, string>();
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            for (var inner = new ProtoReader(reader.Field == 1 ? reader.Bytes : default); inner.Read(); )
            {
                if (inner.Field == 1)
                {
                    AddAttribute(inner.Bytes, resource);
                }
            }
        }

        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            for (var scope = new ProtoReader(reader.Field == 2 ? reader.Bytes : default); scope.Read(); )
            {
                if (scope.Field == 2)
                {
                    items.Add(read(scope.Bytes, resource));
                }
            }
        }
    }
}
