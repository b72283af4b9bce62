using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A moment, as RFC 3339 writes it.</summary>
internal sealed class InstantShape : ScalarShape<DateTimeOffset>
{
    public override string Kind => "time";
    public override string Range => "RFC 3339";
    protected override string Expected => "a time such as 2030-01-31T03:00:00+00:00";

    public override string Show(DateTimeOffset value) => value.ToString("O", CultureInfo.InvariantCulture);

    protected override bool TryParse(ScalarNode scalar, out DateTimeOffset value, out string trouble)
    {
        var fits = DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
        trouble = fits ? "" : $"which is not a time; write {Expected}.";
        return fits;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("format", "date-time");
    }
}
