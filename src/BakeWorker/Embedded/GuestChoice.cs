using BakeWorker.Commands;
using BakeWorker.Core.Bakes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.LocalCloud.Guests.Vm;
using BakeWorker.Settings;

namespace BakeWorker.Embedded;

/// <summary>Decides what instances are made of on this machine.</summary>
internal static class GuestChoice
{
    public const string Sandbox = "sandbox";
    public const string Vm = "vm";
    public const string Scripted = "scripted";

    /// <summary>The guests that were asked for; without a wish sandboxes, and where none can be had, scripted guests and a line that says why.</summary>
    public static Task<IGuestHost> OpenAsync(
        EmbeddedOptions wanted,
        GuestHostOptions folders,
        VmSettings machines,
        Shell shell,
        CancellationToken ct
    ) =>
        wanted.Guest switch
        {
            Scripted => Task.FromResult(NewScripted(shell)),
            Vm => OpenVmAsync(wanted, folders, machines, shell, ct),
            _ => OpenSandboxAsync(wanted, folders, shell, ct),
        };

    private static async Task<IGuestHost> OpenSandboxAsync(
        EmbeddedOptions wanted,
        GuestHostOptions folders,
        Shell shell,
        CancellationToken ct
    )
    {
        var options = folders with { Progress = new Preparation(shell) };
        if (await SandboxSupport.CheckAsync(options, wanted.BaseDisk, ct) is { } obstacle)
        {
            return wanted.Guest == Sandbox ? throw Unavailable(Sandbox, obstacle) : Instead(obstacle);
        }

        var host = new SandboxGuestHost(options, shell.Time);
        try
        {
            return await PreparedAsync(host, host.PrepareAsync, wanted.BaseDisk, ct);
        }
        catch (GuestHostException exception)
        {
            return wanted.Guest == Sandbox ? throw Unavailable(Sandbox, exception.Message) : Instead(exception.Message);
        }

        IGuestHost Instead(string obstacle)
        {
            if (!wanted.IsToLookAt)
            {
                shell.Terminal.Say($"scripted guests, so no step really runs: {obstacle}");
            }

            return NewScripted(shell);
        }
    }

    private static async Task<IGuestHost> OpenVmAsync(
        EmbeddedOptions wanted,
        GuestHostOptions folders,
        VmSettings machines,
        Shell shell,
        CancellationToken ct
    )
    {
        var options = new VmOptions
        {
            DataFolder = folders.DataFolder,
            CacheFolder = folders.CacheFolder,
            Progress = new Preparation(shell),
            MemoryMiB = machines.MemoryMiB,
            Processors = machines.Processors,
            MaxRunning = machines.MaxRunning,
            Reach = [.. machines.Reach],
        };
        if (await VmSupport.CheckAsync(options, wanted.BaseDisk, ct) is { } obstacle)
        {
            throw Unavailable(Vm, obstacle);
        }

        var host = new VmGuestHost(options, shell.Time);
        try
        {
            return await PreparedAsync(host, host.PrepareAsync, wanted.BaseDisk, ct);
        }
        catch (GuestHostException exception)
        {
            throw Unavailable(Vm, exception.Message);
        }
    }

    /// <summary>A base that must be made first would otherwise look like a guest that does not boot.</summary>
    private static async Task<IGuestHost> PreparedAsync(
        IGuestHost host,
        Func<string, CancellationToken, Task> prepare,
        string? disk,
        CancellationToken ct
    )
    {
        try
        {
            await (disk is null ? Task.CompletedTask : prepare(disk, ct));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static UsageException Unavailable(string guest, string why) =>
        new($"--guest {guest} cannot be had: {why}", FailureCodes.GuestUnavailable);

    // Real time passes here, so what a test would leave out is at least short.
    private static IGuestHost NewScripted(Shell shell) =>
        shell.ScriptedGuests?.Invoke(shell.Time)
        ?? new ScriptedGuestHost(
            shell.Time,
            new Scenario
            {
                BootDuration = TimeSpan.FromMilliseconds(300),
                CommandDuration = TimeSpan.FromMilliseconds(100),
                SealDelay = TimeSpan.FromMilliseconds(200),
            }
        );

    private sealed class Preparation(Shell shell) : IProgress<string>
    {
        public void Report(string value) => shell.Terminal.Say(value);
    }
}
