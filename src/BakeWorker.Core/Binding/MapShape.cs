using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A map whose keys the author chooses.</summary>
internal sealed class MapShape<T>(TextShape key, Shape<T> item, int most) : Shape<IReadOnlyDictionary<string, Placed<T>>>
    where T : notnull
{
    public override string Kind => $"map of {item.Kind}";
    public override string Range =>
        string.Join(
            "; ",
            new[] { most == int.MaxValue ? "" : $"at most {most}", $"keys: {key.Range}", item.Range }.Where(r => r.Length > 0)
        );
    public override SectionShape? Inner => item.Inner;

    public override bool TryRead(
        Node node,
        string path,
        Problems problems,
        [MaybeNullWhen(false)] out IReadOnlyDictionary<string, Placed<T>> value
    )
    {
        value = null;
        if (node is not MapNode map)
        {
            problems.Error(node.Place, $"{path} is {Shown.Node(node)}; write a map, as in {{ KEY: value }}.");
            return false;
        }

        if (map.Entries.Count > most)
        {
            problems.Error(node.Place, $"{path} has {map.Entries.Count} keys; write at most {most}.");
            return false;
        }

        var read = new Dictionary<string, Placed<T>>();
        foreach (var entry in map.Entries)
        {
            var keyFits = key.TryRead(new ScalarNode(entry.Place, entry.Key, ScalarKind.Text), $"a key of {path}", problems, out _);
            if (
                item.TryRead(entry.Value, $"{path}.{Shown.Key(entry.Key)}", problems, out var one)
                && keyFits
                && !read.TryAdd(entry.Key, new Placed<T>(one, entry.Value.Place))
            )
            {
                problems.Error(entry.Place, $"{path}.{Shown.Key(entry.Key)} is given twice; remove one of the two.");
            }
        }

        value = read;
        return true;
    }

    public override string Show(IReadOnlyDictionary<string, Placed<T>> value) =>
        $"{{ {string.Join(", ", value.Select(v => $"{v.Key}: {item.Show(v.Value.Value)}"))} }}";

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        if (most < int.MaxValue)
        {
            json.WriteNumber("maxProperties", most);
        }

        json.WriteStartObject("propertyNames");
        key.WriteSchema(json);
        json.WriteEndObject();
        json.WriteStartObject("additionalProperties");
        item.WriteSchema(json);
        json.WriteEndObject();
    }
}
