using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A list; single values may stand in it only once.</summary>
internal sealed class ListShape<T>(Shape<T> item, int least = 0, int most = 100) : Shape<IReadOnlyList<Placed<T>>>
    where T : notnull
{
    public override string Kind => $"list of {item.Kind}";
    public override string Range =>
        string.Join(
            "; ",
            new[]
            {
                least > 0 ? $"{least} to {most}"
                : most == int.MaxValue ? ""
                : $"at most {most}",
                item.Range,
            }.Where(r => r.Length > 0)
        );
    public override SectionShape? Inner => item.Inner;

    public override bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out IReadOnlyList<Placed<T>> value)
    {
        value = null;
        if (node is not ListNode list)
        {
            problems.Error(node.Place, $"{path} is {Shown.Node(node)}; write a list, as in [{(node is ScalarNode s ? s.Text : "…")}].");
            return false;
        }

        if (list.Items.Count < least || list.Items.Count > most)
        {
            problems.Error(node.Place, $"{path} has {list.Items.Count} entries; write {least} to {most}.");
            return false;
        }

        var read = new List<Placed<T>>();
        foreach (var (index, entry) in list.Items.Index())
        {
            if (!item.TryRead(entry, $"{path}[{index}]", problems, out var one))
            {
                continue;
            }

            if (entry is ScalarNode scalar && read.Exists(r => EqualityComparer<T>.Default.Equals(r.Value, one)))
            {
                problems.Error(entry.Place, $"{path}[{index}] repeats {Shown.Value(scalar.Text)}; remove one of the two.");
            }
            else
            {
                read.Add(new Placed<T>(one, entry.Place));
            }
        }

        value = read;
        return true;
    }

    public override string Show(IReadOnlyList<Placed<T>> value) => $"[{string.Join(", ", value.Select(v => item.Show(v.Value)))}]";

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        if (least > 0)
        {
            json.WriteNumber("minItems", least);
        }

        if (most < int.MaxValue)
        {
            json.WriteNumber("maxItems", most);
        }

        json.WriteStartObject("items");
        item.WriteSchema(json);
        json.WriteEndObject();
    }
}

/// <summary>A value and where it stands.</summary>
internal sealed record Placed<T>(T Value, Place Place);
