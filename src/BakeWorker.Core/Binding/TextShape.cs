using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Binding;

/// <summary>Text, optionally of a pattern that <paramref name="expected"/> puts into words ("a Region such as eu-west-1").</summary>
internal sealed class TextShape(string kind, string expected, int maxLength, string? pattern = null) : ScalarShape<string>
{
    // ECMA-compatible patterns only: the same text stands in the JSON Schema.
    private readonly Regex? _regex = pattern is null
        ? null
        : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Bare numbers and true or false are taken as the text they are written with.</summary>
    public bool TakesAnyScalar { get; init; }

    /// <summary>May be empty.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Characters that may not be in it: by default everything that does not print.</summary>
    public Func<char, bool> Forbidden { get; init; } = char.IsControl;

    public override string Kind => kind;
    public override string Range =>
        pattern is not null ? expected
        : maxLength == int.MaxValue ? ""
        : $"at most {maxLength} characters";
    protected override string Expected => expected;

    public bool Allows(string text) => Trouble(text) is null;

    protected override bool TryParse(ScalarNode scalar, [MaybeNullWhen(false)] out string value, out string trouble)
    {
        value = scalar.Text;
        trouble =
            scalar.Kind != ScalarKind.Text && !TakesAnyScalar
                ? $"which reads as {(scalar.Kind == ScalarKind.Number ? "a number" : "true or false")}; write {expected}, in quotes."
                : Trouble(value) ?? "";
        return trouble.Length == 0;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        if (TakesAnyScalar)
        {
            json.WriteStartArray("type");
            json.WriteStringValue("string");
            json.WriteStringValue("number");
            json.WriteStringValue("boolean");
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("type", "string");
        }

        if (maxLength < int.MaxValue)
        {
            json.WriteNumber("maxLength", maxLength);
        }

        if (!MayBeEmpty)
        {
            json.WriteNumber("minLength", 1);
        }

        if (pattern is not null)
        {
            json.WriteString("pattern", pattern);
        }
    }

    private string? Trouble(string text) =>
        text switch
        {
            "" when !MayBeEmpty => $"which is empty; write {expected}.",
            _ when text.Length > maxLength => $"which has {text.Length} characters of at most {maxLength}; write {expected}.",
            _ when text.Any(Forbidden) => "which holds a line break or another control character; write one line of text.",
            // A trailing newline would satisfy '$', but control characters are gone by now.
            _ when _regex?.IsMatch(text) == false => $"which does not fit; write {expected}.",
            _ => null,
        };
}
