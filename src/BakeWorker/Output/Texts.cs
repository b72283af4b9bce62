using System.Text.RegularExpressions;

namespace BakeWorker.Output;

/// <summary>How times and ages are written for people.</summary>
public static partial class Texts
{
    public static string Seconds(TimeSpan span) =>
        span < TimeSpan.FromMinutes(10) ? $"{span.TotalSeconds:0.0} s" : $"{span.TotalMinutes:0.0} min";

    /// <summary>Since the start, such as <c>01:23.4</c>.</summary>
    public static string Clock(TimeSpan span) => $"{(int)span.TotalMinutes:00}:{span.Seconds:00}.{span.Milliseconds / 100}";

    /// <summary>Coarse, such as <c>3 h</c>.</summary>
    public static string Age(TimeSpan span) =>
        span switch
        {
            { TotalMinutes: < 2 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
            { TotalHours: < 2 } => $"{(int)span.TotalMinutes} min",
            { TotalDays: < 2 } => $"{(int)span.TotalHours} h",
            _ => $"{(int)span.TotalDays} d",
        };

    /// <summary>What a guest or an image says, without what would drive the reader's terminal.</summary>
    public static string Plain(string text) =>
        ControlCharacters().Replace(TerminalCodes().Replace(text.ReplaceLineEndings("\n"), ""), "\uFFFD");

    public static string Count(int number, string one, string? many = null) => $"{number} {(number == 1 ? one : many ?? one + "s")}";

    // Colours and moves of the cursor, as compilers and package managers write them.
    [GeneratedRegex(@"\x1b\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex TerminalCodes();

    [GeneratedRegex(@"[\p{Cc}-[\n\t]]")]
    private static partial Regex ControlCharacters();
}
