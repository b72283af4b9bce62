using System.Diagnostics;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>How a program of the host ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last things it said, for a message.</summary>
    public string Reason
    {
        get
        {
            var lines = (Error.Trim().Length > 0 ? Error : Output).Trim().Split('\n');
            return lines is [""] ? $"exit code {ExitCode}" : string.Join("; ", lines.TakeLast(3).Select(line => line.Trim()));
        }
    }
}

/// <summary>Programs of the host, started in a session of their own so that a Ctrl+C at our terminal does not reach them.</summary>
internal static class HostTool
{
    private static readonly string[] MoreFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    static HostTool()
    {
        // What started us may have left its own files open, and a guest must not inherit them.
        if (OperatingSystem.IsLinux())
        {
            Descriptors.KeepToOurselves();
        }
    }

    /// <summary>
    /// Forks are counted per guest, so that a fork bomb ends in it. Without root they count together with all else that the user runs,
    /// whose own limit holds then.
    /// </summary>
    public static IReadOnlyList<string> Limits { get; } =
        Environment.IsPrivilegedProcess ? [Require("prlimit"), "--nproc=8192:8192", "--"] : [];

    /// <summary>The full path of a program, administrators' folders included; null when the host has none.</summary>
    public static string? Find(string name) => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Starts a program with all its streams redirected and nothing but a path, a locale and the given variables in its environment.</summary>
    public static Process Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string>? variables = null,
        string? folder = null,
        bool keepEnvironment = false
    )
    {
        var start = new ProcessStartInfo(Require("setsid"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        start.ArgumentList.Add("--wait");
        start.ArgumentList.Add(Require(command[0]));
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        if (!keepEnvironment)
        {
            start.Environment.Clear();
        }

        start.Environment["PATH"] = string.Join(':', Folders());
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end; cancellation kills it.</summary>
    public static async Task<ToolResult> RunAsync(
        IReadOnlyList<string> command,
        CancellationToken ct,
        IReadOnlyDictionary<string, string>? variables = null,
        string? folder = null,
        bool keepEnvironment = false
    )
    {
        using var process = Start(command, variables, folder, keepEnvironment);
        return await FinishAsync(process, null, () => process.Kill(entireProcessTree: true), ct);
    }

    /// <summary>Reads the process to its end; cancellation stops it the given way and still waits for that end.</summary>
    public static async Task<ToolResult> FinishAsync(Process process, Action<string>? onLine, Action stop, CancellationToken ct)
    {
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = onLine is null
            ? process.StandardOutput.ReadToEndAsync(CancellationToken.None)
            : ReadLinesAsync(process.StandardOutput, onLine);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            stop();
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }

    private static async Task<string> ReadLinesAsync(StreamReader reader, Action<string> onLine)
    {
        var tail = new Queue<string>();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            onLine(line);
            tail.Enqueue(line);
            if (tail.Count > 20)
            {
                tail.Dequeue();
            }
        }

        return string.Join('\n', tail);
    }

    private static string Require(string name) =>
        Path.IsPathRooted(name) ? name : Find(name) ?? throw new GuestHostException($"this machine has no program '{name}'");

    // A start info's environment is a copy of ours: the path is the one setting that concerns programs rather than us.
    private static IEnumerable<string> Folders() =>
        (new ProcessStartInfo().Environment.TryGetValue("PATH", out var path) ? path ?? "" : "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(MoreFolders)
            .Distinct();
}
