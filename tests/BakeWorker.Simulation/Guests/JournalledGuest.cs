using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.Simulation.Guests;

/// <summary>A guest in which an enveloped script runs once: a second send waits for the first and repeats its answer.</summary>
internal sealed class JournalledGuest(IGuest inner, JournalledGuests guests, Journal journal) : IGuest
{
    private const int AsksForReboot = 194;
    private readonly Dictionary<string, Task> _locks = [];

    public event EventHandler? PoweredOff
    {
        add => inner.PoweredOff += value;
        remove => inner.PoweredOff -= value;
    }

    public Journal Journal { get; } = journal;
    public bool HasAgent => inner.HasAgent;

    public Task BootAsync(CancellationToken ct) => inner.BootAsync(ct);

    public Task RebootAsync(CancellationToken ct) => inner.RebootAsync(ct);

    public Task PowerOffAsync(CancellationToken ct) => inner.PowerOffAsync(ct);

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        if (Envelope.Find(script.Text) is not { } envelope)
        {
            return await inner.RunAsync(script, ct);
        }

        while (envelope.HasLock && _locks.TryGetValue(envelope.Folder, out var held))
        {
            await held.WaitAsync(ct);
        }

        if (envelope.HasMarker && Journal.FindMarker(envelope.Folder) is { } answered)
        {
            return answered;
        }

        var done = new TaskCompletionSource();
        _locks[envelope.Folder] = done.Task;
        try
        {
            return Write(envelope, await inner.RunAsync(script, ct));
        }
        finally
        {
            _locks.Remove(envelope.Folder);
            done.SetResult();
        }
    }

    public async Task CaptureAsync(string diskId, CancellationToken ct)
    {
        await inner.CaptureAsync(diskId, ct);
        guests.Captured(diskId, Journal);
    }

    public Task<byte[]?> PhotographAsync(CancellationToken ct) => inner.PhotographAsync(ct);

    public Task<string> ReadConsoleAsync(CancellationToken ct) => inner.ReadConsoleAsync(ct);

    public Task<PackageList?> ReadPackagesAsync(CancellationToken ct) => inner.ReadPackagesAsync(ct);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    // A script that died with its guest, was killed or wants to run again after a restart has come to no end.
    private GuestExit Write(Envelope envelope, GuestExit exit)
    {
        if (exit is { Lost: false, TimedOut: false } && exit.ExitCode != AsksForReboot)
        {
            Journal.Ended(envelope, exit);
        }

        return exit;
    }
}
