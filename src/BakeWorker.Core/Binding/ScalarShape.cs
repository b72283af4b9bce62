using System.Diagnostics.CodeAnalysis;

namespace BakeWorker.Core.Binding;

/// <summary>A single value. Derived shapes say what they expect and parse the text.</summary>
internal abstract class ScalarShape<T> : Shape<T>
    where T : notnull
{
    /// <summary>Completes "write …", such as "a duration such as 30m".</summary>
    protected abstract string Expected { get; }

    /// <summary>Parses, or says in <paramref name="trouble"/> what is wrong, as in "which is longer than 8h".</summary>
    protected abstract bool TryParse(ScalarNode scalar, [MaybeNullWhen(false)] out T value, out string trouble);

    public sealed override bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not ScalarNode { Kind: not ScalarKind.Null } scalar)
        {
            var emptyHint = node is ScalarNode ? ", or remove it" : "";
            problems.Error(node.Place, $"{path} is {Shown.Node(node)}; write {Expected}{emptyHint}.");
            return false;
        }

        if (TryParse(scalar, out value, out var trouble))
        {
            return true;
        }

        problems.Error(node.Place, $"{path} is {Shown.Value(scalar.Text)}, {trouble}");
        return false;
    }
}
