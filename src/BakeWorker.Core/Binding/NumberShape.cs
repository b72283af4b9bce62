using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A number that is not negative.</summary>
internal sealed class NumberShape : ScalarShape<double>
{
    public override string Kind => "number";
    public override string Range => "0 and above";
    protected override string Expected => "a number that is not negative";

    protected override bool TryParse(ScalarNode scalar, out double value, out string trouble)
    {
        var fits = double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= 0;
        trouble = fits ? "" : $"which is not one; write {Expected}.";
        return fits;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "number");
        json.WriteNumber("minimum", 0);
    }
}
