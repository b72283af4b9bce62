using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>
/// What a value of a document may look like. One description serves three readers: the binder, the JSON Schema and the reference in
/// docs/, so that they cannot tell different stories.
/// </summary>
internal abstract class Shape
{
    /// <summary>The type in a reader's words, such as "duration".</summary>
    public abstract string Kind { get; }

    /// <summary>Which values are allowed, such as "10s to 8h"; empty when all are.</summary>
    public virtual string Range => "";

    /// <summary>The shapes with fields of their own inside this one, for the reference.</summary>
    public virtual SectionShape? Inner => null;

    /// <summary>Writes this shape's keywords into a schema object that is open.</summary>
    public abstract void WriteSchema(Utf8JsonWriter json);

    /// <summary><see cref="Shape{T}.TryRead"/> for those who do not know the type; null when nothing could be read.</summary>
    public abstract object? ReadBoxed(Node node, string path, Problems problems);
}

/// <summary>A <see cref="Shape"/> whose values are <typeparamref name="T"/>.</summary>
internal abstract class Shape<T> : Shape
    where T : notnull
{
    /// <summary>Reports every problem; false when nothing could be read. A section or list may come with parts missing, so that checks go on.</summary>
    public abstract bool TryRead(Node node, string path, Problems problems, [MaybeNullWhen(false)] out T value);

    /// <summary>A value as its author would write it.</summary>
    public virtual string Show(T value) => $"{value}";

    public virtual void WriteValue(Utf8JsonWriter json, T value) => json.WriteStringValue(Show(value));

    public override object? ReadBoxed(Node node, string path, Problems problems) =>
        TryRead(node, path, problems, out var value) ? value : null;
}
