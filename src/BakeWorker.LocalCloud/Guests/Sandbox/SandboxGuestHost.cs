using System.Collections.Concurrent;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>Guests made of Linux namespaces: every step really runs, as root of its own machine, and never touches this one.</summary>
public sealed class SandboxGuestHost : IGuestHost
{
    private readonly ConcurrentDictionary<SandboxGuest, byte> _guests = new();
    private readonly BaseDisks _bases;
    private readonly Lazy<Task> _tidied;
    private int _readers;

    public SandboxGuestHost(GuestHostOptions options, TimeProvider time)
    {
        Time = time;
        Folders = new HostFolders(options);
        Doors = new GuestDoors(Folders.Root);
        _bases = new BaseDisks(Folders, options, time);
        Store = new DiskStore(Folders, _bases, time);
        Layers = new HostLayer(Folders, time);
        _tidied = new Lazy<Task>(TidyAsync);
    }

    public string Kind => "sandbox";

    internal HostFolders Folders { get; }
    internal GuestDoors Doors { get; }
    internal DiskStore Store { get; }
    internal HostLayer Layers { get; }
    internal TimeProvider Time { get; }

    public IGuest Create(GuestSpec spec)
    {
        var guest = new SandboxGuest(this, spec);
        _guests[guest] = 0;
        return guest;
    }

    /// <summary>Makes the base disk of a catalogue image, so that the first boot does not have to.</summary>
    public async Task PrepareAsync(string diskId, CancellationToken ct)
    {
        await _tidied.Value;
        (await Store.MountAsync(diskId, ct)).Dispose();
    }

    /// <summary>Makes a base disk of a root file system in a tar archive, plain or compressed.</summary>
    public Task ImportAsync(string name, string file, CancellationToken ct) => _bases.ImportAsync(name, file, ct);

    /// <summary>Boots the disk in a throwaway guest: only its own tools can read every kind of database.</summary>
    public async Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct)
    {
        if (!BaseDisks.IsBase(diskId) && Store.FindArchive(diskId) is null)
        {
            return null;
        }

        var reader = $"reader-{Interlocked.Increment(ref _readers)}";
        await using var guest = Create(new GuestSpec(reader, "", diskId, "") { HasInternet = false });
        await guest.BootAsync(ct);
        return await guest.ReadPackagesAsync(ct);
    }

    public string? FindDisk(string diskId) => BaseDisks.IsBase(diskId) ? _bases.Find(diskId) : Store.FindArchive(diskId);

    public async Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        if (BaseDisks.IsBase(diskId))
        {
            using var disk = await Store.MountAsync(diskId, ct);
            await PutAsync(disk, "none", "none", new DiskManifest(newDiskId, diskId, "", HasAgent(diskId), Time.GetUtcNow(), 0), ct);
        }
        else
        {
            await Store.CopyAsync(diskId, newDiskId, ct);
        }
    }

    public Task RemoveDiskAsync(string diskId, CancellationToken ct) =>
        BaseDisks.IsBase(diskId) ? Task.CompletedTask : Store.RemoveAsync(diskId, ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests.Keys)
        {
            await guest.DisposeAsync();
        }
    }

    internal bool HasAgent(string diskId) =>
        BaseDisks.IsBase(diskId) ? BaseDisks.HasAgent(diskId) : Store.ReadManifest(diskId)?.HasAgent ?? true;

    internal void Forget(SandboxGuest guest) => _guests.TryRemove(guest, out _);

    internal Task CaptureAsync(SandboxDisk disk, SandboxGuest guest, string diskId, CancellationToken ct) =>
        PutAsync(
            disk.Below,
            disk.Work,
            disk.Layer,
            new DiskManifest(diskId, guest.Spec.DiskId, guest.Spec.InstanceId, guest.HasAgent, Time.GetUtcNow(), 0),
            ct
        );

    /// <summary>Removes what dead processes left, once for this host.</summary>
    internal Task TidyOnceAsync() => _tidied.Value;

    private Task PutAsync(MountedDisk below, string work, string layer, DiskManifest manifest, CancellationToken ct) =>
        Store.PutAsync(
            manifest,
            below,
            (file, changes) =>
            {
                var capture = new HostNamespace(
                    Folders.Root,
                    SandboxScripts.Capture,
                    [below.Lower, work, layer, changes, .. DiskArchive.Compressor.Command]
                )
                {
                    Output = file,
                    Owned = changes is "" ? null : Folders.Full(changes),
                };
                return capture.RunAsync($"The disk {manifest.Disk} could not be captured", ct);
            },
            ct
        );

    private async Task TidyAsync()
    {
        await Folders.RemoveStaleAsync(CancellationToken.None);
        await Store.RemoveStaleAsync(CancellationToken.None);
    }
}
