using System.Net.Sockets;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A virtual machine over a copy-on-write disk.</summary>
public sealed class VmGuest : IGuest
{
    private readonly VmGuestHost _host;
    private readonly GuestConsole _console = new();
    private readonly GuestPower<VmBoot> _power;
    private VmDisk? _below;
    private MachineFolder? _folder;
    private bool _hasRun;

    internal VmGuest(VmGuestHost host, GuestSpec spec)
    {
        (_host, Spec) = (host, spec);
        HasAgent = host.Store.HasAgent(spec.DiskId) || spec.InstallsAgent;
        _power = new GuestPower<VmBoot>(StartAsync, () => PoweredOff?.Invoke(this, EventArgs.Empty));
    }

    public event EventHandler? PoweredOff;

    public GuestSpec Spec { get; }

    public bool HasAgent { get; }

    /// <summary>The host's id of QEMU's process, for tests; null while the machine is off.</summary>
    internal int? ProcessId => _power.Boot?.ProcessId;

    public Task BootAsync(CancellationToken ct) => _power.StartAsync(ct);

    public Task RebootAsync(CancellationToken ct) => _power.RestartAsync(ct);

    public Task PowerOffAsync(CancellationToken ct) => _power.StopAsync(ct);

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        if (script.IsPowerShell)
        {
            return new GuestExit(1, "", "this machine has no PowerShell\n");
        }

        // A machine that restarts itself is waited for, and its agent takes the command then.
        var boot = await _power.FindAsync(ct);
        if (boot is null)
        {
            return new GuestExit(-1, "", "") { Lost = true };
        }

        return await boot.Agent.RunAsync(script, ct);
    }

    public Task CaptureAsync(string diskId, CancellationToken ct) =>
        _power.InTurnAsync(
            async () =>
            {
                var folder =
                    _folder ?? throw new InvalidOperationException($"{Spec.InstanceId} has never run, so its disk does not exist yet");
                var manifest = new DiskManifest(diskId, Spec.DiskId, Spec.InstanceId, HasAgent, _host.Time.GetUtcNow(), 0);
                await _host.Store.PutAsync(manifest, folder.Disk, ct);
            },
            ct
        );

    public Task<string> ReadConsoleAsync(CancellationToken ct) => Task.FromResult(_console.Read());

    public async Task<byte[]?> PhotographAsync(CancellationToken ct) =>
        _power.Boot is { Ended.IsCompleted: false } boot ? ScreenImage.ToJpeg(await boot.PhotographAsync(ct)) : null;

    public async Task<PackageList?> ReadPackagesAsync(CancellationToken ct) =>
        _power.Boot is { Ended.IsCompleted: false } boot && await boot.Agent.AskAsync(HostScripts.Packages, ct) is { } text
            ? PackageDatabase.Parse(text)
            : null;

    public async ValueTask DisposeAsync() =>
        await _power.DisposeAsync(async () =>
        {
            if (_folder is { } folder)
            {
                await folder.DisposeAsync();
            }

            _host.Forget(this);
        });

    private async Task<VmBoot> StartAsync(CancellationToken ct)
    {
        try
        {
            _below ??= await _host.OpenAsync(Spec, ct);
            _folder ??= await MachineFolder.OpenAsync(_host.Folders, Spec.InstanceId, _below, ct);
            return await StartAsync(_below, _folder, ct);
        }
        catch (Exception exception) when (exception is GuestHostException or IOException or UnauthorizedAccessException or SocketException)
        {
            _console.WriteLine($"[vm] {exception.Message}");
            throw new GuestBootException(exception.Message, exception);
        }
    }

    private async Task<VmBoot> StartAsync(VmDisk below, MachineFolder folder, CancellationToken ct)
    {
        var accelerator = await _host.Acceleration.ChooseAsync(below, ct);
        var around = new List<IAsyncDisposable> { await _host.TakePlaceAsync(ct) };
        try
        {
            await PrepareAsync(below, folder, ct);
            around.Add(await MachineNetwork.OpenAsync(folder, Spec, await _host.FindProxyAsync(Spec), ct));
        }
        catch
        {
            await around[0].DisposeAsync();
            throw;
        }

        var boot = await VmBoot.StartAsync(_host.Describe(Spec, accelerator), folder, _host, _console, around, ct);
        string[] door = [HostTool.Find("perl")!, "-e", VmScripts.Door, "--", folder.Socket("shell")];
        _ = GuestDoors.KeepOpenAsync(_host.Doors.Open(new GuestDoor(Spec.InstanceId, _host.Kind, door)), boot.Ended);
        return boot;
    }

    /// <summary>Puts the kernel to boot into the folder: the base's at first, and what the disk itself has by now at every later time.</summary>
    private async Task PrepareAsync(VmDisk below, MachineFolder folder, CancellationToken ct)
    {
        if (_hasRun)
        {
            await DiskReader.ReadAsync(folder.Disk, folder.Path, ct);
        }
        else
        {
            File.Copy(Path.Combine(below.Boot, DiskReader.Kernel), folder.File(DiskReader.Kernel), overwrite: true);
            File.Copy(Path.Combine(below.Boot, DiskReader.Initrd), folder.File(DiskReader.Initrd), overwrite: true);
        }

        _hasRun = true;
        var lent = GuestFiles.Pack(Spec, HasAgent, await _host.Apt);
        await lent.AppendAsync(folder.File(DiskReader.Initrd), folder.File("initrd.all"), ct);
        await File.WriteAllTextAsync(folder.File("bridge.pl"), VmScripts.Bridge, ct);
    }
}
