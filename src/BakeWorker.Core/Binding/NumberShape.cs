using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A number that is not negative.</summary>
internal sealed class NumberShape(double most = double.MaxValue) : ScalarShape<double>
{
    public override string Kind => "number";
    public override string Range => most < double.MaxValue ? $"0 to {Text}" : "0 and above";
    protected override string Expected => most < double.MaxValue ? $"a number from 0 to {Text}" : "a number that is not negative";

    private string Text => most.ToString(CultureInfo.InvariantCulture);

    protected override bool TryParse(ScalarNode scalar, out double value, out string trouble)
    {
        var fits = double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= 0 && value <= most;
        trouble = fits ? "" : $"which is not one; write {Expected}.";
        return fits;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "number");
        json.WriteNumber("minimum", 0);
        if (most < double.MaxValue)
        {
            json.WriteNumber("maximum", most);
        }
    }
}
