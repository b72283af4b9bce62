using System.Text.Json;
using System.Text.Json.Serialization;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests;

/// <summary>How people get into a guest of this machine: a command that opens a shell in it, or runs there what is put behind it.</summary>
/// <param name="Kind"><c>sandbox</c> or <c>vm</c>.</param>
/// <param name="Command">A program of the host with its arguments.</param>
public sealed record GuestDoor(string Instance, string Kind, IReadOnlyList<string> Command)
{
    /// <summary>What the command needs in its environment, beside that of the person.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}

/// <summary>The doors of all guests that run on this machine over one cache folder, whichever process they belong to.</summary>
public sealed class GuestDoors(string cacheFolder)
{
    private readonly string _folder = Path.Combine(cacheFolder, "doors");

    /// <summary>The door stays open until it is disposed, or this process is dead.</summary>
    public IDisposable Open(GuestDoor door)
    {
        Directory.CreateDirectory(_folder);
        // To look is to clear away what dead processes left, and people may never look.
        _ = Open();
        var held = FileLock.TryTake(LockOf(door.Instance)) ?? throw new IOException($"{door.Instance} is a guest of another process");
        File.WriteAllText(FileOf(door.Instance), JsonSerializer.Serialize(door, GuestDoorJson.Default.GuestDoor) + "\n");
        return new OpenDoor(this, door.Instance, held);
    }

    /// <summary>Closes a door when something has ended.</summary>
    internal static async Task KeepOpenAsync(IDisposable door, Task until)
    {
        await until;
        door.Dispose();
    }

    /// <summary>The door of a guest that runs; null for any other instance.</summary>
    public GuestDoor? Find(string instance) =>
        Open().Contains(instance) ? JsonSerializer.Deserialize(File.ReadAllText(FileOf(instance)), GuestDoorJson.Default.GuestDoor) : null;

    /// <summary>The instances whose guests run, in alphabetical order.</summary>
    public IReadOnlyList<string> Open() =>
        Directory.Exists(_folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(_folder, "*.json")
                    .Select(file => Path.GetFileNameWithoutExtension(file))
                    .Where(IsHeld)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    // A lock that can be had belongs to nobody: its process died before it could close the door.
    private bool IsHeld(string instance)
    {
        if (FileLock.TryTake(LockOf(instance)) is not { } left)
        {
            return true;
        }

        Close(instance, left);
        return false;
    }

    private void Close(string instance, FileLock held)
    {
        File.Delete(FileOf(instance));
        File.Delete(LockOf(instance));
        held.Dispose();
    }

    private string FileOf(string instance) => Path.Combine(_folder, $"{instance}.json");

    private string LockOf(string instance) => Path.Combine(_folder, $"{instance}.lock");

    private sealed class OpenDoor(GuestDoors doors, string instance, FileLock held) : IDisposable
    {
        public void Dispose() => doors.Close(instance, held);
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GuestDoor))]
internal sealed partial class GuestDoorJson : JsonSerializerContext;
