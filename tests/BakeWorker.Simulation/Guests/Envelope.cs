using System.Text.RegularExpressions;

namespace BakeWorker.Simulation.Guests;

/// <summary>
/// What the lines around a script promise about running it once. They are read as a shell would read them: a promise they do not make is
/// not kept here either.
/// </summary>
internal sealed partial record Envelope(string Folder, bool HasLock, bool HasMarker)
{
    /// <summary>Null for a script without one.</summary>
    public static Envelope? Find(string script) =>
        FolderPattern().Match(script) is { Success: true } match && script.Contains("BW_SCRIPT", StringComparison.Ordinal)
            ? new Envelope(
                match.Groups["folder"].Value,
                HasLock: script.Contains("flock 9", StringComparison.Ordinal),
                HasMarker: script.Contains("if [ -f \"$bw_dir/done\" ]; then", StringComparison.Ordinal)
                    && script.Contains("mv \"$bw_dir/done.new\" \"$bw_dir/done\"", StringComparison.Ordinal)
            )
            : null;

    [GeneratedRegex("^bw_dir='(?<folder>[^']+)'", RegexOptions.Multiline)]
    private static partial Regex FolderPattern();
}
