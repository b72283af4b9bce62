using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A map with known fields; everything else in it is refused.</summary>
internal sealed class SectionShape(string noun, params Field[] fields) : Shape<Section>
{
    /// <summary>With its article: "a step".</summary>
    public string Noun => noun;
    public IReadOnlyList<Field> Fields => fields;

    /// <summary>Exactly one of these must be given.</summary>
    public IReadOnlyList<Field> OneOf { get; init; } = [];

    /// <summary>Written as JSON, whose producers like to send null for an absent field.</summary>
    public bool IsJson { get; init; }

    /// <summary>Our own document for others: those who read it must bear fields that come later.</summary>
    public bool IsOpen { get; init; }

    public override string Kind => "section";
    public override SectionShape Inner => this;

    public override bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out Section value)
    {
        value = null;
        if (node is not MapNode map)
        {
            var name = path.Length == 0 ? "the document" : path;
            problems.Error(node.Place, $"{name} is {Shown.Node(node)}; write {noun} with the fields {Names()}.");
            return false;
        }

        var given = new Dictionary<string, Placed<object?>>();
        value = new Section(path, map.Place, given);
        foreach (var entry in map.Entries)
        {
            ReadEntry(entry, value, given, problems);
        }

        foreach (var field in fields.Where(f => f.IsRequired && !given.ContainsKey(f.Name)))
        {
            var key = IsJson ? $"\"{field.Name}\"" : field.Name;
            problems.Error(map.Place, $"{value.PathOf(field)} is missing; add it, as in {key}: {field.Example}");
        }

        CheckExactlyOne(value, problems);
        return true;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", IsOpen);
        json.WriteStartObject("properties");
        foreach (var field in fields)
        {
            json.WriteStartObject(field.Name);
            json.WriteString("description", field.Summary);
            WriteShape(json, field);
            field.WriteDefault(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteNames(json, "required", fields.Where(f => f.IsRequired));
        if (OneOf.Count > 0)
        {
            json.WriteStartArray("oneOf");
            foreach (var field in OneOf)
            {
                json.WriteStartObject();
                WriteNames(json, "required", [field]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private void ReadEntry(MapEntry entry, Section section, Dictionary<string, Placed<object?>> given, Problems problems)
    {
        var path = section.PathOf(entry.Key);
        if (Array.Find(fields, f => f.Name == entry.Key) is not { } field)
        {
            var hint =
                entry.Key == "<<"
                    ? "merge keys are not supported, write the fields out."
                    : Suggestion.Hint(entry.Key, [.. fields.Select(f => f.Name)], "the fields are");
            problems.UnknownField(entry.Place, $"{path} is not a field of {noun}; {hint}");
            return;
        }

        if (IsJson && !field.IsRequired && entry.Value is ScalarNode { Kind: ScalarKind.Null })
        {
            return;
        }

        if (given.TryGetValue(entry.Key, out var first))
        {
            problems.Error(entry.Place, $"{path} is given twice, first in line {first.Place.Line}; remove one of the two.");
            return;
        }

        given.Add(entry.Key, new Placed<object?>(field.Shape.ReadBoxed(entry.Value, path, problems), entry.Value.Place));
    }

    private void CheckExactlyOne(Section section, Problems problems)
    {
        var present = OneOf.Where(section.Has).ToList();
        if (OneOf.Count == 0 || present.Count == 1)
        {
            return;
        }

        var names = string.Join(", ", OneOf.Select(f => f.Name));
        var message =
            present.Count == 0 ? $"{noun} names none of {names}" : $"{noun} names {string.Join(" and ", present.Select(f => f.Name))}";
        problems.Error(present.Count == 0 ? section.Place : section.At(present[^1]), $"{message}; give exactly one of {names}.");
    }

    private void WriteShape(Utf8JsonWriter json, Field field)
    {
        if (!IsJson || field.IsRequired)
        {
            field.Shape.WriteSchema(json);
            return;
        }

        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        field.Shape.WriteSchema(json);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "null");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, string keyword, IEnumerable<Field> named)
    {
        json.WriteStartArray(keyword);
        foreach (var field in named)
        {
            json.WriteStringValue(field.Name);
        }

        json.WriteEndArray();
    }

    private string Names() => string.Join(", ", fields.Select(f => f.Name));
}
