using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Binding;

/// <summary>Durations as people write them: <c>90s</c>, <c>30m</c>, <c>1h30m</c>, <c>90d</c>.</summary>
public static partial class DurationText
{
    /// <summary>Days, hours, minutes and seconds in this order, each at most once, at least one; also valid in ECMAScript.</summary>
    public const string Pattern = "^([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,8}s)?$";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = text.Length == 0 || text.EndsWith('\n') ? Match.Empty : Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(Part(match, 1) * 86_400 + Part(match, 2) * 3_600 + Part(match, 3) * 60 + Part(match, 4));
        return true;
    }

    /// <summary>The shortest spelling; fractions of a second are dropped.</summary>
    public static string Show(TimeSpan duration)
    {
        var text = new StringBuilder();
        Append(text, duration.Days, 'd');
        Append(text, duration.Hours, 'h');
        Append(text, duration.Minutes, 'm');
        Append(text, duration.Seconds, 's');
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static void Append(StringBuilder text, int amount, char unit)
    {
        if (amount > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
        }
    }

    private static long Part(Match match, int group) =>
        match.Groups[group].Success ? long.Parse(match.Groups[group].ValueSpan[..^1], CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(Pattern)]
    private static partial Regex Shape();
}
