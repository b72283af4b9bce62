using System.CommandLine.Parsing;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary>Times on the command line, written as in the settings.</summary>
internal static class TimeOption
{
    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (SettingText.Read(text, typeof(TimeSpan), out var wanted) is TimeSpan { Ticks: > 0 } time)
        {
            return time;
        }

        result.AddError($"'{text}' is no time; write {wanted}.");
        return default;
    }
}
