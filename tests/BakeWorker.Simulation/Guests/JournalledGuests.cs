using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.Simulation.Guests;

/// <summary>Scripted guests that keep the envelope's promises and write down what truly ran on which disk.</summary>
internal sealed class JournalledGuests(ScriptedGuestHost inner) : IGuestHost
{
    private readonly Dictionary<string, Journal> _disks = [];
    private readonly Dictionary<string, JournalledGuest> _guests = [];

    public string Kind => inner.Kind;

    public IGuest Create(GuestSpec spec) =>
        _guests[spec.InstanceId] = new JournalledGuest(inner.Create(spec), this, _disks.GetValueOrDefault(spec.DiskId)?.Copy() ?? new());

    /// <summary>What ran on the disk that an image was captured with; empty for a base.</summary>
    public Journal OfDisk(string diskId) => _disks.GetValueOrDefault(diskId) ?? new();

    /// <summary>What ran on an instance, its own time and what its image brought.</summary>
    public Journal OfInstance(string instanceId) => _guests[instanceId].Journal;

    public Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct) => inner.ReadPackagesAsync(diskId, ct);

    public string? FindDisk(string diskId) => inner.FindDisk(diskId);

    public Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        _disks[newDiskId] = OfDisk(diskId);
        return inner.CopyDiskAsync(diskId, newDiskId, ct);
    }

    public Task RemoveDiskAsync(string diskId, CancellationToken ct) => inner.RemoveDiskAsync(diskId, ct);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    internal void Captured(string diskId, Journal journal) => _disks[diskId] = journal.Copy();
}
