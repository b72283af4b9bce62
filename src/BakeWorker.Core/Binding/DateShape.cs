using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Core.Binding;

/// <summary>A calendar day.</summary>
internal sealed class DateShape : ScalarShape<DateOnly>
{
    private const string Format = "yyyy-MM-dd";

    public override string Kind => "date";
    public override string Range => "year-month-day";
    protected override string Expected => "a date such as 2031-12-31";

    public override string Show(DateOnly value) => value.ToString(Format, CultureInfo.InvariantCulture);

    protected override bool TryParse(ScalarNode scalar, out DateOnly value, out string trouble)
    {
        var fits = DateOnly.TryParseExact(scalar.Text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
        trouble = fits ? "" : $"which is not a date; write {Expected}.";
        return fits;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    }
}
