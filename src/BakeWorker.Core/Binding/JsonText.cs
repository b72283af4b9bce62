using System.Text;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>Reads JSON into <see cref="Node"/>s; strict (RFC 8259), with places, and with duplicate keys kept for the reader to report.</summary>
internal static class JsonText
{
    private const int MaxDepth = 16;

    /// <summary>Where the reader's messages begin to speak about the reader instead of the text.</summary>
    private static readonly string[] Asides = [" LineNumber:", " Change the reader options", " which is not supported in this mode"];

    /// <summary>The document's root, or null after a syntax error that was reported.</summary>
    public static Node? Read(string text, Problems problems)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var root = ReadNode(ref reader, utf8);
            // Only the end may follow; Read throws on anything else.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            var place = new Place((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            problems.Error(place, $"this is not JSON: {Reason(e.Message)} (line {place.Line}, column {place.Column}).");
            return null;
        }
        catch (InvalidOperationException)
        {
            // GetString refuses half of a surrogate pair, which JSON's own grammar lets through.
            problems.Error(PlaceAt(utf8, reader.TokenStartIndex), "a text holds half of a surrogate pair; write whole characters.");
            return null;
        }
    }

    private static Node ReadNode(ref Utf8JsonReader reader, byte[] utf8)
    {
        var place = PlaceAt(utf8, reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(ref reader, utf8, place),
            JsonTokenType.StartArray => ReadList(ref reader, utf8, place),
            JsonTokenType.String => new ScalarNode(place, reader.GetString()!, ScalarKind.Text),
            JsonTokenType.Number => new ScalarNode(place, Encoding.UTF8.GetString(reader.ValueSpan), ScalarKind.Number),
            JsonTokenType.True => new ScalarNode(place, "true", ScalarKind.Flag),
            JsonTokenType.False => new ScalarNode(place, "false", ScalarKind.Flag),
            _ => new ScalarNode(place, "", ScalarKind.Null),
        };
    }

    private static MapNode ReadMap(ref Utf8JsonReader reader, byte[] utf8, Place place)
    {
        var entries = new List<MapEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keyPlace = PlaceAt(utf8, reader.TokenStartIndex);
            var key = reader.GetString()!;
            reader.Read();
            entries.Add(new MapEntry(key, keyPlace, ReadNode(ref reader, utf8)));
        }

        return new MapNode(place, entries);
    }

    private static ListNode ReadList(ref Utf8JsonReader reader, byte[] utf8, Place place)
    {
        var items = new List<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(ref reader, utf8));
        }

        return new ListNode(place, items);
    }

    private static Place PlaceAt(ReadOnlySpan<byte> utf8, long index)
    {
        var before = utf8[..(int)index];
        return new Place(before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static string Reason(string message)
    {
        if (message.StartsWith("The maximum configured depth", StringComparison.Ordinal))
        {
            return $"values are nested more than {MaxDepth} deep";
        }

        var end = Asides
            .Select(tail => message.IndexOf(tail, StringComparison.Ordinal))
            .Where(at => at >= 0)
            .DefaultIfEmpty(message.Length)
            .Min();
        return message[..end].TrimEnd('.');
    }
}
