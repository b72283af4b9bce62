using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A whole number within bounds.</summary>
internal sealed class CountShape(int least, int most) : ScalarShape<int>
{
    public override string Kind => "whole number";
    public override string Range => $"{least} to {most}";
    protected override string Expected => $"a whole number from {least} to {most}";

    public override void WriteValue(Utf8JsonWriter json, int value) => json.WriteNumberValue(value);

    protected override bool TryParse(ScalarNode scalar, out int value, out string trouble)
    {
        var isNumber =
            int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && scalar.Kind == ScalarKind.Number;
        trouble =
            !isNumber ? $"which is not a whole number; write {Expected}."
            : value < least || value > most ? $"which is outside {Range}; write {Expected}."
            : "";
        return trouble.Length == 0;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", least);
        json.WriteNumber("maximum", most);
    }
}
