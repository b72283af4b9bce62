using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A duration within bounds.</summary>
internal sealed class DurationShape(TimeSpan least, TimeSpan most) : ScalarShape<TimeSpan>
{
    public override string Kind => "duration";
    public override string Range => $"{Show(least)} to {Show(most)}";
    protected override string Expected => $"a duration from {Show(least)} to {Show(most)}, such as 90s, 30m, 1h30m or 90d";

    public override string Show(TimeSpan value) => DurationText.Show(value);

    protected override bool TryParse(ScalarNode scalar, out TimeSpan value, out string trouble)
    {
        trouble = !DurationText.TryParse(scalar.Text, out value)
            ? scalar.Kind == ScalarKind.Number
                ? $"which has no unit; write {Expected}."
                : $"which is not a duration; write {Expected}."
            : value < least
                ? $"which is shorter than {Show(least)}; write {Expected}."
                : value > most
                    ? $"which is longer than {Show(most)}; write {Expected}."
                    : "";
        return trouble.Length == 0;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteNumber("minLength", 2);
        json.WriteString("pattern", DurationText.Pattern);
    }
}
