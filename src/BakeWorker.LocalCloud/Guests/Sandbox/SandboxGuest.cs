using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>A computer made of Linux namespaces over a copy-on-write disk.</summary>
public sealed class SandboxGuest : IGuest
{
    private readonly SandboxGuestHost _host;
    private readonly GuestConsole _console = new();
    private readonly GuestPower<SandboxBoot> _power;
    private SandboxDisk? _disk;
    private int _commands;

    internal SandboxGuest(SandboxGuestHost host, GuestSpec spec)
    {
        (_host, Spec) = (host, spec);
        HasAgent = host.HasAgent(spec.DiskId) || spec.InstallsAgent;
        _power = new GuestPower<SandboxBoot>(StartAsync, () => PoweredOff?.Invoke(this, EventArgs.Empty));
    }

    public event EventHandler? PoweredOff;

    public GuestSpec Spec { get; }

    public bool HasAgent { get; }

    /// <summary>The host's id of the guest's process 1, for tests; null while it is off.</summary>
    internal string? ProcessId => _power.Boot?.ProcessId;

    public Task BootAsync(CancellationToken ct) => _power.StartAsync(ct);

    public Task RebootAsync(CancellationToken ct) => _power.RestartAsync(ct);

    public Task PowerOffAsync(CancellationToken ct) => _power.StopAsync(ct);

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        if (script.IsPowerShell)
        {
            return new GuestExit(1, "", "a sandbox has no PowerShell\n");
        }

        // A guest that restarts itself is waited for, and its agent takes the command then.
        var boot = await _power.FindAsync(ct);
        return boot is null
            ? new GuestExit(-1, "", "") { Lost = true }
            : await new SandboxCommand(boot, Interlocked.Increment(ref _commands), _host.Time).RunAsync(script, ct);
    }

    public Task CaptureAsync(string diskId, CancellationToken ct) =>
        _power.InTurnAsync(
            async () =>
            {
                var disk = _disk ?? throw new InvalidOperationException($"{Spec.InstanceId} has never run, so its disk does not exist yet");
                await _host.CaptureAsync(disk, this, diskId, ct);
            },
            ct
        );

    public Task<string> ReadConsoleAsync(CancellationToken ct) => Task.FromResult(_console.Read());

    public Task<byte[]?> PhotographAsync(CancellationToken ct) => Task.FromResult<byte[]?>(null);

    public async Task<PackageList?> ReadPackagesAsync(CancellationToken ct)
    {
        if (_power.Boot is not { } boot || boot.Ended.IsCompleted)
        {
            return null;
        }

        using var process = boot.Enter(HostScripts.Packages);
        var result = await HostTool.FinishAsync(process, null, () => process.Kill(entireProcessTree: true), ct);
        return PackageDatabase.Parse(result.Output);
    }

    public async ValueTask DisposeAsync() =>
        await _power.DisposeAsync(async () =>
        {
            if (_disk is { } disk)
            {
                await disk.DisposeAsync();
            }

            _host.Forget(this);
        });

    private async Task<SandboxBoot> StartAsync(CancellationToken ct)
    {
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
            _ = GuestDoors.KeepOpenAsync(_host.Doors.Open(boot.DoorOf(Spec.InstanceId)), boot.Ended);
            return boot;
        }
        catch (GuestHostException exception)
        {
            _console.WriteLine(exception.Message);
            throw new GuestBootException(exception.Message, exception);
        }
    }
}
