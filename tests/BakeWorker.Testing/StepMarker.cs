using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.Testing;

/// <summary>Tells scripted guests which scripts come in a step's envelope, with its lock and its done-marker: by the folder that they lie in.</summary>
public static partial class StepMarker
{
    public static string? Find(GuestScript script) =>
        script.Text.Contains("BW_SCRIPT", StringComparison.Ordinal) && FolderPattern().Match(script.Text) is { Success: true } match
            ? match.Groups["folder"].Value
            : null;

    [GeneratedRegex("^bw_dir='(?<folder>[^']+)'", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FolderPattern();
}
