using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>true or false.</summary>
internal sealed class FlagShape : ScalarShape<bool>
{
    public override string Kind => "true or false";
    protected override string Expected => "true or false";

    public override string Show(bool value) => value ? "true" : "false";

    public override void WriteValue(Utf8JsonWriter json, bool value) => json.WriteBooleanValue(value);

    protected override bool TryParse(ScalarNode scalar, out bool value, out string trouble)
    {
        value = scalar is { Kind: ScalarKind.Flag } && scalar.Text.StartsWith('t');
        var fits = scalar is { Kind: ScalarKind.Flag, Text: "true" or "false" };
        trouble = fits ? "" : "which is not true or false; write true or false, without quotes.";
        return fits;
    }

    public override void WriteSchema(Utf8JsonWriter json) => json.WriteString("type", "boolean");
}
