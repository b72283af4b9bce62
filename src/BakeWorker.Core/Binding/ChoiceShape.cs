using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceShape<T>(params (string Word, T Value)[] choices) : ScalarShape<T>
    where T : struct, Enum
{
    private string[] Words => [.. choices.Select(c => c.Word)];

    public override string Kind => "choice";
    public override string Range => string.Join(", ", Words);
    protected override string Expected => choices.Length == 1 ? Words[0] : $"one of {string.Join(", ", Words)}";

    public override string Show(T value) => choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, value)).Word;

    protected override bool TryParse(ScalarNode scalar, out T value, out string trouble)
    {
        var found = choices.FirstOrDefault(c => c.Word == scalar.Text);
        value = found.Value;
        trouble =
            found.Word is not null ? ""
            : Suggestion.For(scalar.Text, Words) is { } meant ? $"which is not one of {string.Join(", ", Words)}; did you mean '{meant}'?"
            : $"which is not known here; write {Expected}.";
        return found.Word is not null;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum");
        foreach (var word in Words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }
}
