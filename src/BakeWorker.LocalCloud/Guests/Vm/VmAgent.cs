using System.Text;
using System.Threading.Channels;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>The agent in a machine: it runs scripts, several at once, and kills them when it is told to.</summary>
internal sealed class VmAgent : IDisposable
{
    private const string Control = "control";
    private const int Killed = 137;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    private static readonly GuestExit Lost = new(-1, "", "") { Lost = true };

    private readonly Stream _control;
    private readonly Dictionary<string, AgentPort> _ports;
    private readonly Channel<AgentPort> _free = Channel.CreateUnbounded<AgentPort>();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly VmBoot _boot;
    private readonly TimeProvider _time;
    private int _count;

    private VmAgent(VmBoot boot, Stream control, Dictionary<string, AgentPort> ports, TimeProvider time)
    {
        (_boot, _control, _ports, _time) = (boot, control, ports, time);
        foreach (var port in ports.Values)
        {
            _free.Writer.TryWrite(port);
        }

        _ = ReadAsync();
    }

    /// <summary>Ends when the agent has said that it listens.</summary>
    public Task Ready => _ready.Task;

    public static async Task<VmAgent> ConnectAsync(VmBoot boot, MachineFolder folder, TimeProvider time, CancellationToken ct)
    {
        var control = await folder.ConnectAsync(Control, boot.Ended, time, ct);
        var ports = new Dictionary<string, AgentPort>();
        foreach (var name in QemuCommand.Workers)
        {
            ports.Add(name, new AgentPort(await folder.ConnectAsync(name, boot.Ended, time, ct)));
        }

        return new VmAgent(boot, control, ports, time);
    }

    /// <summary>QEMU says that the machine has opened or closed a port.</summary>
    public void Turn(string name, bool isOpen) => _ports.GetValueOrDefault(name)?.Turn(isOpen);

    /// <summary>Runs a script as the SSM agent would, from the disk and with its traces there.</summary>
    public Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct) =>
        SendAsync(
            $"{ScriptOutput.Limit} {script.CommandId} {script.WorkingDirectory.ReplaceLineEndings("")}",
            "run",
            script.Text,
            script.Timeout,
            ct
        );

    /// <summary>What a script of ours prints, which leaves no trace; null when it could not say.</summary>
    public async Task<string?> AskAsync(string script, CancellationToken ct)
    {
        var exit = await SendAsync($"{ScriptOutput.Limit * 8} ask ", "ask", script, Patience * 2, ct);
        return exit is { ExitCode: 0, Lost: false } ? exit.Output : null;
    }

    public void Dispose()
    {
        _control.Dispose();
        foreach (var port in _ports.Values)
        {
            port.Dispose();
        }
    }

    private async Task<GuestExit> SendAsync(string words, string verb, string text, TimeSpan timeout, CancellationToken ct)
    {
        var port = await TakeAsync(ct);
        if (port is null)
        {
            return Lost;
        }

        var (number, bytes) = (Interlocked.Increment(ref _count), Encoding.UTF8.GetBytes(text));
        var answer = port.AskAsync($"{verb} {number} {bytes.Length} {words}\n", bytes);
        var timedOut = await WaitAsync(answer, number, timeout, ct);
        if (await answer is not { } ended)
        {
            // What its worker had said of an answer would be taken for a part of the next one.
            ct.ThrowIfCancellationRequested();
            return Lost;
        }

        _free.Writer.TryWrite(port);
        ct.ThrowIfCancellationRequested();
        return timedOut
            ? new GuestExit(Killed, ended.Output, ended.Error, TimedOut: true)
            : new GuestExit(ended.ExitCode, ended.Output, ended.Error);
    }

    /// <summary>A worker that listens; null when the machine ends before there is one.</summary>
    private async Task<AgentPort?> TakeAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _ = _boot.Ended.ContinueWith(_ => TryCancel(end), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            var port = await _free.Reader.ReadAsync(end.Token);
            await port.Open.WaitAsync(end.Token);
            return port;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static void TryCancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>True when it had to be killed at its timeout.</summary>
    private async Task<bool> WaitAsync(Task answer, int number, TimeSpan timeout, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout < LongestTimeout ? timeout : LongestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await answer.WaitAsync(either.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            await KillAsync(answer, number);
            return !ct.IsCancellationRequested;
        }
    }

    /// <summary>Kills the script's session from inside; a machine that resists is cut off.</summary>
    private async Task KillAsync(Task answer, int number)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await _control.WriteAsync(Encoding.UTF8.GetBytes($"kill {number}\n"), CancellationToken.None);
            await answer.WaitAsync(Patience, _time);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            await _boot.KillAsync();
            await answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(_control, leaveOpen: true);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal))
                {
                    _ready.TrySetResult();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The machine has ended, which whoever waits is told by its boot.
        }
    }
}
