using BakeWorker.Core.Bakes;
using BakeWorker.Output;

namespace BakeWorker.Board;

/// <summary>Text that others wrote, as it may stand on the board: without secrets, without control characters, and no longer than anybody reads.</summary>
internal static class Shown
{
    private const int LongestLine = 400;
    private const int LongestTail = 8_000;

    /// <summary>One line.</summary>
    public static string Line(string text)
    {
        var line = string.Join(' ', Texts.Plain(Masked.Text(text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > LongestLine ? $"{line[..LongestLine]}…" : line;
    }

    /// <summary>The end of a longer text.</summary>
    public static string Tail(string text)
    {
        var plain = Texts.Plain(Masked.Text(text)).TrimEnd();
        return plain.Length > LongestTail ? $"…{plain[^LongestTail..]}" : plain;
    }
}
