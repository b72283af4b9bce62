using System.Globalization;

namespace BakeWorker.Settings;

/// <summary>Reads the text of one setting as a value of its type.</summary>
internal static class SettingText
{
    private static readonly (string Unit, TimeSpan Size)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>The value, or null when the text is none of this type; <paramref name="wanted"/> says what would be.</summary>
    public static object? Read(string text, Type type, out string wanted)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        (wanted, var value) = type switch
        {
            _ when type == typeof(string) => ("text", text),
            _ when type == typeof(int) => ("a whole number", Parsed<int>(text)),
            _ when type == typeof(double) => ("a number", Parsed<double>(text)),
            _ when type == typeof(bool) => ("true or false", bool.TryParse(text, out var flag) ? flag : null),
            _ when type == typeof(TimeSpan) => ("a time such as 90s, 15m, 6h or 00:01:30", (object?)Time(text)),
            _ => ("", (object?)null),
        };
        return value;
    }

    private static object? Parsed<T>(string text)
        where T : struct, IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static TimeSpan? Time(string text)
    {
        foreach (var (unit, size) in Units)
        {
            if (
                text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count < TimeSpan.MaxValue / size
            )
            {
                return size * count;
            }
        }

        return text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) ? span : null;
    }
}
