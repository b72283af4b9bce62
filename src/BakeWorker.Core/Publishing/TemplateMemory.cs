using System.Globalization;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Publishing;

/// <summary>What the description of our template versions holds: who made it, and which version was the default before.</summary>
public sealed partial record TemplateMemory(string Whose, long DefaultBefore)
{
    /// <summary>Null for a description that is not ours.</summary>
    public static TemplateMemory? Parse(string description) =>
        Pattern().Match(description) is { Success: true } match
            ? new(match.Groups[1].Value, long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : null;

    public override string ToString() => $"bakeworker {Whose}, default before: {DefaultBefore}";

    [GeneratedRegex("^bakeworker (.+), default before: ([0-9]{1,18})$")]
    private static partial Regex Pattern();
}
