using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Cloud;

/// <summary>A script on its way into a guest.</summary>
public sealed record StepScript
{
    public required BakeId Bake { get; init; }

    /// <summary>The <see cref="CommandOrder.Key"/>: names the script's directory in the guest. Lower-case letters, digits, <c>. - /</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The script with its own interpreter line; <c>/bin/sh</c> runs it without one.</summary>
    public required string Text { get; init; }

    /// <summary>Final values: nothing in them is expanded by anybody.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public RebootPolicy Reboot { get; init; } = RebootPolicy.Never;
    public bool IsWindows { get; init; }
}

/// <summary>
/// Turns a script and its environment into the lines of AWS-RunShellScript or AWS-RunPowerShellScript. Script and values travel
/// compressed and encoded, so neither a shell nor SSM's own <c>{{ }}</c> ever reads them as text. In the guest the script runs once:
/// a lock makes a second send wait, and a marker with the exit code makes it repeat the first one's answer.
/// </summary>
public static partial class StepEnvelope
{
    /// <summary>Exit code of a script that asked for a reboot its step does not allow.</summary>
    public const int RebootRefused = 100;

    /// <summary>Exit code of an envelope that could not even start the script.</summary>
    public const int NotStarted = 101;

    /// <summary>SSM's exit code for "restart the guest, then run me again" on Linux; Windows says 3010.</summary>
    public const int RebootLinux = 194;
    public const int RebootWindows = 3010;

    /// <summary>Bytes of stdout shown from its start and its end; SSM keeps the first 24,000 characters only.</summary>
    internal const int OutputHead = 6_000;
    internal const int OutputTail = 14_000;

    /// <summary>Bytes of stderr; SSM keeps the first 8,000 characters only.</summary>
    internal const int ErrorHead = 2_000;
    internal const int ErrorTail = 5_500;

    // SSM SendCommand: document and parameters together at most 64 KB; the difference is room for the document itself.
    private const int Limit = 60_000;
    private const int LineLength = 4_000;

    // Most scripts travel often: they are packed once for as long as their recipe or the worker holds them.
    private static readonly ConditionalWeakTable<string, IReadOnlyList<string>> PackedForLinux = [];
    private static readonly ConditionalWeakTable<string, IReadOnlyList<string>> PackedForWindows = [];

    /// <summary>The lines to send. Throws <see cref="FailureCodes.RecipeInvalid"/> when they do not fit or a variable has an unusable name.</summary>
    public static IReadOnlyList<string> Wrap(StepScript script)
    {
        var folder = Folder(script.Bake, script.Key, script.IsWindows);
        foreach (var (name, value) in script.Environment)
        {
            EnsureUsable(script.Key, name, value);
        }

        var payload = (script.IsWindows ? PackedForWindows : PackedForLinux).GetValue(
            script.Text,
            script.IsWindows ? PackWindows : PackLinux
        );
        IReadOnlyList<string> environment = script.Environment.Count == 0 ? [] : Pack(string.Concat(script.Environment.Select(Variable)));
        var lines = script.IsWindows
            ? PowerShellEnvelope.Lines(folder, script.Reboot, payload, environment)
            : ShellEnvelope.Lines(folder, script.Reboot, payload, environment);
        EnsureFits(script.Key, lines);
        return lines;
    }

    /// <summary>Says before anything is launched whether the script would reach its guest; see <see cref="Wrap"/>.</summary>
    public static void EnsureFits(StepScript script) => Wrap(script);

    /// <summary>Lines that print the end of what the script has written so far: for a script that was killed at its timeout.</summary>
    public static IReadOnlyList<string> FetchTail(BakeId bake, string key, bool isWindows) =>
        isWindows ? PowerShellEnvelope.TailLines(Folder(bake, key, isWindows)) : ShellEnvelope.TailLines(Folder(bake, key, isWindows));

    /// <summary>Where a script leaves its lock, its output and its marker in the guest; removed by the seal.</summary>
    public static string Folder(BakeId bake, string key, bool isWindows)
    {
        if (!KeyPattern().IsMatch(key) || key.Contains("..", StringComparison.Ordinal) || !KeyPattern().IsMatch(bake.Value))
        {
            throw new ArgumentException(
                $"'{bake}' and '{key}' must be lower-case letters, digits and . - / to name a directory.",
                nameof(key)
            );
        }

        return isWindows ? $@"$env:ProgramData\bakeworker\{bake}\{key.Replace('/', '\\')}" : $"/var/lib/bakeworker/{bake}/{key}";
    }

    private static void EnsureUsable(string key, string name, string value)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw Invalid(
                $"{key}: '{name}' cannot be the name of an environment variable; use letters, digits and _, not starting with a digit."
            );
        }

        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw Invalid($"{key}: the value of {name} holds a NUL character, which no environment can carry.");
        }
    }

    private static void EnsureFits(string key, IReadOnlyList<string> lines)
    {
        // As JSON: two quotes and a comma around each line, one backslash before each quote or backslash.
        var size = lines.Sum(line => line.Length + 3 + line.AsSpan().Count('"') + line.AsSpan().Count('\\'));
        if (size > Limit)
        {
            throw Invalid(
                $"{key}: the script and its environment take {size:N0} bytes after compression, SSM accepts {Limit:N0}; "
                    + "split the step, or let it download its large parts."
            );
        }
    }

    private static BakeFailedException Invalid(string message) => new(FailureKind.Invalid, FailureCodes.RecipeInvalid, message);

    private static string Variable(KeyValuePair<string, string> pair) =>
        $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}\n";

    private static IReadOnlyList<string> PackLinux(string text) => Pack(text.ReplaceLineEndings("\n"));

    // Windows PowerShell reads a script without a byte order mark in the machine's code page.
    private static IReadOnlyList<string> PackWindows(string text) => Pack("\uFEFF" + text);

    private static IReadOnlyList<string> Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var encoded = Convert.ToBase64String(packed.ToArray());
        return [.. Enumerable.Range(0, (encoded.Length + LineLength - 1) / LineLength).Select(Line)];

        string Line(int n) => encoded[(n * LineLength)..Math.Min(encoded.Length, (n + 1) * LineLength)];
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9./-]{0,99}$")]
    private static partial Regex KeyPattern();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,254}$")]
    private static partial Regex NamePattern();
}
