using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>Anything: what it must look like depends on something else in the document.</summary>
internal sealed class NodeShape : Shape<Node>
{
    public override string Kind => "value";

    public override bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out Node value)
    {
        value = node;
        return true;
    }

    public override void WriteSchema(Utf8JsonWriter json) { }
}
