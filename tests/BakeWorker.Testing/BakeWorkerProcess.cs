using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace BakeWorker.Testing;

/// <summary>The real executable, as a process of its own. For test projects that refer to it.</summary>
public sealed partial class BakeWorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "bakeworker.dll");
    private readonly Process _process;
    private readonly ConcurrentQueue<TaskCompletionSource<string>> _changes = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private BakeWorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Read(_output);
    public string Error => Read(_error);

    /// <summary>What <c>local</c> says to paste into other shells, once it is up.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadExportsAsync()
    {
        await UntilAsync("Ask for a bake");
        return Exports().Matches(Output).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
    }

    public static BakeWorkerProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] args) =>
        StartProgram("dotnet", [Dll, .. args], folder, environment);

    /// <summary>With hang-ups heard: a runner in the background ignores them, and its children inherit that.</summary>
    public static BakeWorkerProcess StartHearing(string folder, IReadOnlyDictionary<string, string> environment, params string[] args) =>
        StartProgram("env", ["--default-signal=HUP", "dotnet", Dll, .. args], folder, environment);

    /// <summary>Another program, such as a shell.</summary>
    public static BakeWorkerProcess StartProgram(
        string program,
        IEnumerable<string> args,
        string folder,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(program, args)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new BakeWorkerProcess(new Process { StartInfo = start });
    }

    /// <summary>Waits until one of the streams holds the text.</summary>
    public async Task UntilAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!Output.Contains(text) && !Error.Contains(text))
        {
            var change = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _changes.Enqueue(change);
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"It ended before it said '{text}':\n{Output}\n{Error}");
            }

            if (!Output.Contains(text) && !Error.Contains(text))
            {
                await change.Task.WaitAsync(limit.Token);
            }
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }

        while (_changes.TryDequeue(out var change))
        {
            change.TrySetResult(line ?? "");
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [GeneratedRegex("export (?<name>[A-Z_]+)=(?<value>[^\\s]+)")]
    private static partial Regex Exports();
}
