using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.Testing;

/// <summary>A guest host for tests of services that start no machine.</summary>
public sealed class NoGuests : IGuestHost
{
    public string Kind => "none";

    public IGuest Create(GuestSpec spec) =>
        throw new InvalidOperationException($"{spec.InstanceId} cannot start: this cloud has no guests");

    public Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct) => Task.FromResult<PackageList?>(null);

    public string? FindDisk(string diskId) => null;

    public Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct) => Task.CompletedTask;

    public Task RemoveDiskAsync(string diskId, CancellationToken ct) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
