using System.Diagnostics;
using System.Globalization;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>One script on its way through a guest.</summary>
internal sealed class SandboxCommand(SandboxBoot boot, int number, TimeProvider time)
{
    /// <summary>What scripts find programs by: the sandbox's own power and service commands first.</summary>
    public const string SearchPath = "/run/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const int Killed = 137;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    private readonly string _id = number.ToString(CultureInfo.InvariantCulture);

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        var process = boot.Enter(SandboxScripts.Run, _id, script.WorkingDirectory);
        var output = new ScriptOutput(process.StandardOutput.BaseStream);
        var error = new ScriptOutput(process.StandardError.BaseStream);
        await SendAsync(process, script.Text);
        var timedOut = await WaitAsync(process, script.Timeout, ct);
        ct.ThrowIfCancellationRequested();
        await DrainAsync(output, error);
        var exitCode = process.ExitCode;
        DisposeLater(process, output, error);
        if (timedOut)
        {
            return new GuestExit(Killed, output.ToString(), error.ToString(), TimedOut: true);
        }

        var lost = await IsLostAsync(exitCode, error);
        if (lost)
        {
            await boot.EndAsync();
        }

        return new GuestExit(exitCode, output.ToString(), error.ToString()) { Lost = lost };
    }

    private static async Task SendAsync(Process process, string text)
    {
        try
        {
            await process.StandardInput.WriteAsync(text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all of it; its exit says why.
        }
    }

    /// <summary>True when it had to be killed at its timeout.</summary>
    private async Task<bool> WaitAsync(Process process, TimeSpan timeout, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout < LongestTimeout ? timeout : LongestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            await KillAsync(process);
            return !ct.IsCancellationRequested;
        }
    }

    /// <summary>Kills the script's session from inside, where no process of the host can be hit; a guest that resists goes down as a whole.</summary>
    private async Task KillAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await boot.TryAsync(HostScripts.Kill, _id, "/run/sandbox");
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await boot.KillAsync();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>What it left running may hold its output open, so quiet is as good as closed.</summary>
    private async Task DrainAsync(ScriptOutput output, ScriptOutput error)
    {
        var ended = Task.WhenAll(output.Ended, error.Ended);
        for (var seen = -1L; !ended.IsCompleted && seen != output.Count + error.Count; )
        {
            seen = output.Count + error.Count;
            await Task.WhenAny(ended, Task.Delay(Quiet, time));
        }
    }

    private static void DisposeLater(Process process, ScriptOutput output, ScriptOutput error) =>
        _ = Task.WhenAll(output.Ended, error.Ended)
            .ContinueWith(_ => process.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>A script that was killed, or never began, may have shared the fate of its guest.</summary>
    private async Task<bool> IsLostAsync(int exitCode, ScriptOutput error) =>
        (exitCode > 128 || (exitCode != 0 && error.ToString().StartsWith("nsenter: ", StringComparison.Ordinal)))
        && !await boot.IsAliveAsync();
}
