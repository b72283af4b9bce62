using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A named value of a section: its shape, its default and its words in the reference.</summary>
internal abstract class Field(string name, string summary)
{
    public string Name => name;

    /// <summary>One or two sentences for the reference and the schema.</summary>
    public string Summary => summary;
    public required bool IsRequired { get; init; }

    /// <summary>How it looks in a document, without its key; checked by a test.</summary>
    public required string Example { get; init; }

    /// <summary>The default in words, where it depends on something else.</summary>
    public string? DefaultWords { get; init; }
    public abstract Shape Shape { get; }
    public abstract string? DefaultText { get; }
    public abstract void WriteDefault(Utf8JsonWriter json);

    /// <summary>Required, with this example.</summary>
    public static Field<T> Required<T>(string name, Shape<T> shape, string summary, string example)
        where T : notnull => new(name, shape, summary) { IsRequired = true, Example = example };

    /// <summary>Optional without a default; <paramref name="otherwise"/> says what its absence means.</summary>
    public static Field<T> Optional<T>(string name, Shape<T> shape, string otherwise, string summary, string example)
        where T : notnull =>
        new(name, shape, summary)
        {
            IsRequired = false,
            Example = example,
            DefaultWords = otherwise,
        };

    /// <summary>Optional with a default.</summary>
    public static Field<T> WithDefault<T>(string name, Shape<T> shape, T value, string summary, string example)
        where T : notnull =>
        new(name, shape, summary)
        {
            IsRequired = false,
            Example = example,
            Default = value,
            HasDefault = true,
        };
}

/// <summary>A <see cref="Field"/> whose values are <typeparamref name="T"/>.</summary>
internal sealed class Field<T>(string name, Shape<T> shape, string summary) : Field(name, summary)
    where T : notnull
{
    public T? Default { get; init; }
    public bool HasDefault { get; init; }
    public override Shape Shape => shape;
    public override string? DefaultText => HasDefault ? shape.Show(Default!) : null;

    public override void WriteDefault(Utf8JsonWriter json)
    {
        if (HasDefault)
        {
            json.WritePropertyName("default");
            shape.WriteValue(json, Default!);
        }
    }
}
