using System.Globalization;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Pipeline;

/// <summary>What the sweep said: how many findings stand, how many the recipe allows, and the first of them in lines of rule, path and hint.</summary>
public sealed partial record HygieneReport(int Findings, int Allowed, IReadOnlyList<string> Lines)
{
    // A few dozen say enough; the others are seen once these are mended.
    private const int Shown = 60;

    /// <summary>Never a secret: the sweep prints none.</summary>
    public string Evidence =>
        string.Join('\n', Lines.Take(Shown)) + (Findings > Shown && Lines.Count > Shown ? $"\n… of {Findings} findings" : "");

    /// <summary>Null when the output does not begin as a sweep's does.</summary>
    public static HygieneReport? Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0 && Head().Match(lines[0]) is { Success: true } head
            ? new HygieneReport(Number(head.Groups["findings"]), Number(head.Groups["allowed"]), lines[1..])
            : null;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^sweep\t(?<findings>[0-9]{1,9}) findings\t(?<allowed>[0-9]{1,9}) allowed")]
    private static partial Regex Head();
}
