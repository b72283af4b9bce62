using System.Collections.Concurrent;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Guests that are whole machines, with a kernel, an init and a power switch of their own, run by QEMU.</summary>
public sealed class VmGuestHost : IGuestHost
{
    private readonly ConcurrentDictionary<VmGuest, byte> _guests = new();
    private readonly SemaphoreSlim _places;
    private readonly Lazy<Task> _tidied;
    private readonly Lazy<Task<HostApt>> _apt = new(() => HostApt.ReadAsync(CancellationToken.None));
    private readonly Lazy<Task<PackageProxy>> _proxy;
    private int _readers;

    public VmGuestHost(VmOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        Folders = new HostFolders(options);
        Doors = new GuestDoors(Folders.Root);
        Store = new VmStore(Folders, new VmBases(Folders, options, time), time);
        Acceleration = new Acceleration(Folders, options, time);
        _places = new SemaphoreSlim(options.MaxRunning);
        _tidied = new Lazy<Task>(TidyAsync);
        _proxy = new Lazy<Task<PackageProxy>>(async () => new PackageProxy(new MirrorMap(await Apt, options.Reach)));
    }

    public string Kind => "vm";

    internal VmOptions Options { get; }
    internal TimeProvider Time { get; }
    internal HostFolders Folders { get; }
    internal GuestDoors Doors { get; }
    internal VmStore Store { get; }
    internal Acceleration Acceleration { get; }
    internal Task<HostApt> Apt => _apt.Value;

    public IGuest Create(GuestSpec spec)
    {
        var guest = new VmGuest(this, spec);
        _guests[guest] = 0;
        return guest;
    }

    /// <summary>Makes the base disk of a catalogue image and finds out how machines run here, so that the first boot does not have to.</summary>
    public async Task PrepareAsync(string diskId, CancellationToken ct)
    {
        await _tidied.Value;
        await Acceleration.ChooseAsync(await Store.OpenAsync(diskId, ct), ct);
    }

    /// <summary>Reads the disk itself; where that takes the disk's own tools, boots it in a throwaway machine.</summary>
    public async Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct)
    {
        if (!BaseDisks.IsBase(diskId) && Store.Find(diskId) is null)
        {
            return null;
        }

        if (await DiskReader.ReadPackagesAsync((await Store.OpenAsync(diskId, ct)).Boot, ct) is { } read)
        {
            return read;
        }

        var reader = $"reader-{Interlocked.Increment(ref _readers)}";
        await using var guest = Create(new GuestSpec(reader, "", diskId, "") { HasInternet = false });
        await guest.BootAsync(ct);
        return await guest.ReadPackagesAsync(ct);
    }

    public string? FindDisk(string diskId) => Store.Find(diskId);

    public Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct) => Store.CopyAsync(diskId, newDiskId, ct);

    public Task RemoveDiskAsync(string diskId, CancellationToken ct) =>
        BaseDisks.IsBase(diskId) ? Task.CompletedTask : Store.RemoveAsync(diskId, ct);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_guests.Keys.Select(guest => guest.DisposeAsync().AsTask()));
        if (_proxy.IsValueCreated)
        {
            (await _proxy.Value).Dispose();
        }
    }

    internal void Forget(VmGuest guest) => _guests.TryRemove(guest, out _);

    internal Machinery Describe(GuestSpec spec, Accelerator accelerator) => new(spec, Options, accelerator, HostTool.Find("perl")!);

    internal async Task<PackageProxy?> FindProxyAsync(GuestSpec spec) => spec.HasInternet ? await _proxy.Value : null;

    internal async Task<VmDisk> OpenAsync(GuestSpec spec, CancellationToken ct)
    {
        if (spec.IsWindows)
        {
            throw new GuestHostException("no virtual machine here can run Windows");
        }

        await _tidied.Value;
        return await Store.OpenAsync(spec.DiskId, ct);
    }

    /// <summary>Waits until one machine more may run; its place is free again when what is returned is disposed.</summary>
    internal async Task<IAsyncDisposable> TakePlaceAsync(CancellationToken ct)
    {
        await _places.WaitAsync(ct);
        return new Place(_places);
    }

    private async Task TidyAsync()
    {
        await Folders.RemoveStaleAsync(CancellationToken.None);
        await Store.RemoveStaleAsync(CancellationToken.None);
    }

    private sealed class Place(SemaphoreSlim places) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            places.Release();
            return ValueTask.CompletedTask;
        }
    }
}
