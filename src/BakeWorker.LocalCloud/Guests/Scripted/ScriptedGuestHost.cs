using System.Collections.Concurrent;

namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>A command as a scripted guest got it.</summary>
public sealed record SeenCommand(GuestSpec Guest, GuestScript Script, DateTimeOffset At)
{
    public string Comment => Script.Comment;
    public string InstanceId => Guest.InstanceId;

    /// <summary>It found its marker in the guest and only repeated the answer.</summary>
    public bool IsRepeat { get; init; }
}

/// <summary>Guests in which no code runs: a scenario says what they answer, and all their time is on the given clock.</summary>
public sealed class ScriptedGuestHost(TimeProvider time, Scenario? scenario = null) : IGuestHost
{
    private readonly ConcurrentQueue<SeenCommand> _commands = new();
    private readonly ConcurrentQueue<ScriptedGuest> _guests = new();

    public string Kind => "scripted";

    /// <summary>May get further rules while guests run.</summary>
    public Scenario Scenario { get; } = scenario ?? new Scenario();

    /// <summary>Every command that reached a guest, in order; a rerun after a reboot counts again.</summary>
    public IReadOnlyList<SeenCommand> Commands => _commands.ToArray();

    /// <summary>Every guest there ever was, in order.</summary>
    public IReadOnlyList<ScriptedGuest> Guests => _guests.ToArray();

    public ScriptedDisks Disks { get; } = new();

    internal TimeProvider Time => time;

    public IGuest Create(GuestSpec spec)
    {
        var guest = new ScriptedGuest(this, spec);
        _guests.Enqueue(guest);
        return guest;
    }

    public Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct) => Task.FromResult(Disks.Find(diskId)?.Packages);

    /// <summary>Always null: a scripted disk is nowhere.</summary>
    public string? FindDisk(string diskId) => null;

    public Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        if (Disks.Find(diskId) is not { } disk)
        {
            throw new FileNotFoundException($"There is no disk {diskId}.", diskId);
        }

        Disks.Put(newDiskId, disk);
        return Task.CompletedTask;
    }

    public Task RemoveDiskAsync(string diskId, CancellationToken ct)
    {
        Disks.Remove(diskId);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }
    }

    internal void Saw(SeenCommand command) => _commands.Enqueue(command);
}
