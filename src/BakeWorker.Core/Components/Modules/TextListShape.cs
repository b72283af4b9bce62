using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Components.Modules;

/// <summary>A list of texts, whatever they look like; the same may stand in it twice, as commands do.</summary>
internal sealed class TextListShape : Shape<IReadOnlyList<string>>
{
    public override string Kind => "list of text";

    public override bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        value = null;
        if (node is not ListNode list)
        {
            problems.Error(node.Place, $"{path} is {Shown.Node(node)}; write a list, as in [{(node is ScalarNode s ? s.Text : "…")}].");
            return false;
        }

        var wrong = list.Items.Index().Where(item => item.Item is not ScalarNode { Kind: not ScalarKind.Null }).ToList();
        foreach (var (index, item) in wrong)
        {
            problems.Error(item.Place, $"{path}[{index}] is {Shown.Node(item)}; write text, in quotes where it holds a colon.");
        }

        value = [.. list.Items.OfType<ScalarNode>().Select(item => item.Text)];
        return wrong.Count == 0;
    }

    public override void WriteSchema(Utf8JsonWriter json) => json.WriteString("type", "array");
}
