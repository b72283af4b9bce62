namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>A computer made of Linux namespaces over a copy-on-write disk.</summary>
public sealed class SandboxGuest : IGuest
{
    private readonly SandboxGuestHost _host;
    private readonly SandboxConsole _console = new();
    private readonly SemaphoreSlim _power = new(1);
    private SandboxDisk? _disk;
    private SandboxBoot? _boot;
    private Task _watch = Task.CompletedTask;
    private int _commands;
    private bool _isDisposed;

    internal SandboxGuest(SandboxGuestHost host, GuestSpec spec)
    {
        (_host, Spec) = (host, spec);
        HasAgent = host.HasAgent(spec.DiskId) || spec.UserData.Contains("amazon-ssm-agent", StringComparison.OrdinalIgnoreCase);
    }

    public event EventHandler? PoweredOff;

    public GuestSpec Spec { get; }

    public bool HasAgent { get; }

    public bool HasScreen => false;

    /// <summary>The host's id of the guest's process 1, for tests; null while it is off.</summary>
    internal string? ProcessId => _boot?.ProcessId;

    public Task BootAsync(CancellationToken ct) => WithPowerAsync(() => StartAsync(ct), ct);

    public Task RebootAsync(CancellationToken ct) =>
        WithPowerAsync(
            async () =>
            {
                await StopAsync("reboot");
                await StartAsync(ct);
            },
            ct
        );

    public Task PowerOffAsync(CancellationToken ct) => WithPowerAsync(() => StopAsync("poweroff"), ct);

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        if (script.IsPowerShell)
        {
            return new GuestExit(1, "", "a sandbox has no PowerShell\n");
        }

        // A guest that restarts itself is waited for, and its agent takes the command then.
        var boot = await FindBootAsync(ct);
        return boot is null
            ? new GuestExit(-1, "", "") { Lost = true }
            : await new SandboxCommand(boot, Interlocked.Increment(ref _commands), _host.Time).RunAsync(script, ct);
    }

    public Task CaptureAsync(string diskId, CancellationToken ct) =>
        WithPowerAsync(
            async () =>
            {
                var disk = _disk ?? throw new InvalidOperationException($"{Spec.InstanceId} has never run, so its disk does not exist yet");
                await _host.CaptureAsync(disk, this, diskId, ct);
            },
            ct
        );

    public Task<string> ReadConsoleAsync(CancellationToken ct) => Task.FromResult(_console.Read());

    public async Task<PackageList?> ReadPackagesAsync(CancellationToken ct)
    {
        if (_boot is not { } boot || boot.Ended.IsCompleted)
        {
            return null;
        }

        using var process = boot.Enter(SandboxScripts.Packages);
        var result = await HostTool.FinishAsync(process, null, () => process.Kill(entireProcessTree: true), ct);
        return PackageDatabase.Parse(result.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await _power.WaitAsync();
        try
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_boot is { } boot)
            {
                _boot = null;
                await boot.KillAsync();
            }

            if (_disk is { } disk)
            {
                await disk.DisposeAsync();
            }

            _host.Forget(this);
        }
        finally
        {
            _power.Release();
        }
    }

    /// <summary>The boot that runs now; null when the guest is off.</summary>
    private async Task<SandboxBoot?> FindBootAsync(CancellationToken ct)
    {
        while (true)
        {
            SandboxBoot? boot = null;
            var watch = _watch;
            await WithPowerAsync(() => Task.FromResult((boot, watch) = (_boot, _watch)), ct);
            if (boot is null || !boot.Ended.IsCompleted)
            {
                return boot;
            }

            await watch.WaitAsync(ct);
        }
    }

    private async Task WithPowerAsync(Func<Task> action, CancellationToken ct)
    {
        await _power.WaitAsync(ct);
        try
        {
            await action();
        }
        finally
        {
            _power.Release();
        }
    }

    private async Task StartAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_boot is not null)
        {
            return;
        }

        try
        {
            _disk ??= await SandboxDisk.OpenAsync(_host, Spec, ct);
            var layer = await _disk.LayAsync(ct);
            var boot = await SandboxBoot.StartAsync(
                new BootPlan(_host.Folders, _disk.Below.Lower, _disk.Work, layer, Spec),
                _console,
                _host.Time,
                ct
            );
            _boot = boot;
            _watch = WatchAsync(boot);
            _ = KeepOpenAsync(_host.Doors.Open(boot.DoorOf(Spec.InstanceId)), boot);
        }
        catch (SandboxException exception)
        {
            _console.WriteLine(exception.Message);
            throw new GuestBootException(exception.Message, exception);
        }
    }

    private static async Task KeepOpenAsync(IDisposable door, SandboxBoot boot)
    {
        await boot.Ended;
        door.Dispose();
    }

    private async Task StopAsync(string verb)
    {
        if (_boot is { } boot)
        {
            // Whoever watches this boot sees that its end was asked for.
            _boot = null;
            await boot.StopAsync(verb);
        }
    }

    /// <summary>An end that nobody outside asked for: the guest restarts as a computer would, or is off.</summary>
    private async Task WatchAsync(SandboxBoot boot)
    {
        var end = await boot.Ended;
        var isOff = false;
        await WithPowerAsync(
            async () =>
            {
                if (_boot != boot)
                {
                    return;
                }

                _boot = null;
                isOff = end != BootEnd.Restarts || !await TryRestartAsync();
            },
            CancellationToken.None
        );
        if (isOff)
        {
            PoweredOff?.Invoke(this, EventArgs.Empty);
        }
    }

    private async Task<bool> TryRestartAsync()
    {
        try
        {
            await StartAsync(CancellationToken.None);
            return true;
        }
        catch (GuestBootException)
        {
            // The console says why; a computer that does not come back is as good as off.
            return false;
        }
    }
}
