using BakeWorker.Commands;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Sandbox;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.Embedded;

/// <summary>Decides what instances are made of on this machine.</summary>
internal static class GuestChoice
{
    public const string Sandbox = "sandbox";
    public const string Scripted = "scripted";

    /// <summary>The guests that were asked for; without a wish sandboxes, and where none can be had, scripted guests and a line that says why.</summary>
    public static async Task<IGuestHost> OpenAsync(EmbeddedOptions wanted, SandboxOptions folders, Shell shell, CancellationToken ct)
    {
        if (wanted.Guest == Scripted)
        {
            return NewScripted(shell);
        }

        var options = folders with { Progress = new Preparation(shell) };
        if (await SandboxSupport.CheckAsync(options, wanted.BaseDisk, ct) is { } obstacle)
        {
            return wanted.Guest == Sandbox ? throw new UsageException($"--guest sandbox cannot be had: {obstacle}") : Instead(obstacle);
        }

        var host = new SandboxGuestHost(options, shell.Time);
        if (wanted.BaseDisk is { } disk)
        {
            // A base that must be made first would otherwise look like a guest that does not boot.
            try
            {
                await host.PrepareAsync(disk, ct);
            }
            catch (SandboxException exception)
            {
                await host.DisposeAsync();
                return wanted.Guest == Sandbox
                    ? throw new UsageException($"--guest sandbox cannot be had: {exception.Message}")
                    : Instead(exception.Message);
            }
        }

        return host;

        IGuestHost Instead(string obstacle)
        {
            if (!wanted.IsToLookAt)
            {
                shell.Terminal.Say($"scripted guests, so no step really runs: {obstacle}");
            }

            return NewScripted(shell);
        }
    }

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
