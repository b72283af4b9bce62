using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>
/// Captured disks: the archive is the disk. What the cache has of it only makes boots fast: all of it, extracted, or what its guest had
/// changed, to be laid over its base.
/// </summary>
internal sealed class DiskStore(HostFolders folders, BaseDisks bases, TimeProvider time)
{
    private readonly DiskFiles _files = new(folders.Disks, time, DiskArchive.Compressor.Ending, ".tar.zst", ".tar.gz");

    /// <summary>The archive of a captured disk; null when there is none.</summary>
    public string? FindArchive(string diskId) => _files.Find(diskId);

    public DiskManifest? ReadManifest(string diskId) => _files.ReadManifest(diskId);

    /// <summary>A disk's content as a folder below the cache, extracted or made when it is not there yet.</summary>
    public async Task<MountedDisk> MountAsync(string diskId, CancellationToken ct)
    {
        if (BaseDisks.IsBase(diskId))
        {
            var made = await bases.EnsureAsync(diskId, ct);
            return new MountedDisk([$"{made}/root"], [await UseAsync(made, ct)]) { Base = made };
        }

        var archive = _files.Get(diskId);
        var folder = Extracted(archive);
        while (true)
        {
            var use = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: true, time, ct);
            if (Directory.Exists(Root(folder)))
            {
                return new MountedDisk([$"{folder}/root"], [use]);
            }

            if (FindBase(folder) is { } below)
            {
                return new MountedDisk([$"{folder}/changes", $"{below}/root"], [use, await UseAsync(below, ct)]);
            }

            use.Dispose();
            using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
            if (!Directory.Exists(Root(folder)))
            {
                await folders.RemoveAsync(folder, ct);
                await ExtractAsync(archive, folder, ct);
            }
        }
    }

    /// <summary>
    /// Puts into the store what <paramref name="write"/> writes: the archive, and, when the disk below is a base, a folder of the cache with
    /// what is other than there. Over other disks it gets no folder: layers on layers would never end, and the first boot extracts it.
    /// </summary>
    public async Task PutAsync(DiskManifest manifest, MountedDisk below, Func<string, string, Task> write, CancellationToken ct)
    {
        if (below.Base is not { } made)
        {
            await _files.PutAsync(manifest, file => write(file, ""), ct);
            return;
        }

        var (partial, claim) = folders.Claim("disks", manifest.Disk);
        try
        {
            Directory.CreateDirectory(folders.Full($"{partial}/changes"));
            await _files.PutAsync(manifest, file => write(file, $"{partial}/changes"), ct);
            await File.WriteAllTextAsync(folders.Full($"{partial}/below"), $"{made}\n{Made(made)}", ct);
            var archive = FindArchive(manifest.Disk)!;
            using var only = await FileLock.TakeAsync(folders.Full(Extracted(archive)) + ".lock", shared: false, time, ct);
            await KeepExtractedAsync(archive, partial, ct);
        }
        finally
        {
            await folders.RemoveAsync(partial, claim, CancellationToken.None);
        }
    }

    public Task CopyAsync(string diskId, string newDiskId, CancellationToken ct) => _files.CopyAsync(diskId, newDiskId, ct);

    public async Task RemoveAsync(string diskId, CancellationToken ct)
    {
        while (FindArchive(diskId) is { } archive)
        {
            var folder = Extracted(archive);
            File.Delete(archive);
            await RemoveExtractedAsync(folder, ct);
        }

        _files.Forget(diskId);
    }

    /// <summary>Removes archives that dead processes did not finish, and extracted disks whose archives are gone.</summary>
    public async Task RemoveStaleAsync(CancellationToken ct)
    {
        _files.RemoveStale();
        foreach (var path in Directory.EnumerateFiles(folders.Full("disks"), "*.archive").ToList())
        {
            var archive = await File.ReadAllTextAsync(path, ct);
            var folder = $"disks/{Path.GetFileNameWithoutExtension(path)}";
            if (!File.Exists(archive) || Extracted(archive) != folder)
            {
                await RemoveExtractedAsync(folder, ct);
            }
        }
    }

    private async Task ExtractAsync(string archive, string folder, CancellationToken ct)
    {
        var (partial, claim) = folders.Claim("disks", Path.GetFileName(folder));
        try
        {
            Directory.CreateDirectory(folders.Full($"{partial}/root"));
            await DiskArchive.ExtractAsync(folders, archive, $"{partial}/root", ct);
            await KeepExtractedAsync(archive, partial, ct);
        }
        finally
        {
            await folders.RemoveAsync(partial, claim, CancellationToken.None);
        }
    }

    private async Task KeepExtractedAsync(string archive, string partial, CancellationToken ct)
    {
        var folder = folders.Full(Extracted(archive));
        await File.WriteAllTextAsync(folder + ".archive", archive, ct);
        Directory.Move(folders.Full(partial), folder);
    }

    /// <summary>Does nothing while a guest runs on it: the next start finds that its archive is gone.</summary>
    private async Task RemoveExtractedAsync(string folder, CancellationToken ct)
    {
        using var only = FileLock.TryTake(folders.Full(folder) + ".lock");
        if (only is not null)
        {
            await folders.RemoveAsync(folder, ct);
            File.Delete(folders.Full(folder) + ".archive");
            File.Delete(folders.Full(folder) + ".lock");
        }
    }

    /// <summary>The base that a disk's changes belong over; null when they were not kept, or that base has been replaced.</summary>
    private string? FindBase(string folder)
    {
        var below = folders.Full($"{folder}/below");
        return File.Exists(below) && File.ReadAllText(below).Split('\n') is [var made, var when] && when == Made(made) ? made : null;
    }

    /// <summary>Tells a base from another one of the same name.</summary>
    private string Made(string made) => Directory.GetLastWriteTimeUtc(folders.Full(made)).Ticks.ToString(CultureInfo.InvariantCulture);

    private Task<FileLock> UseAsync(string made, CancellationToken ct) =>
        FileLock.TakeAsync(folders.Full(made) + ".use", shared: true, time, ct);

    private string Root(string folder) => folders.Full($"{folder}/root");

    /// <summary>Several data folders may share the cache, and an id may be captured again: the name tells which archive it was.</summary>
    private static string Extracted(string archive)
    {
        var written = File.Exists(archive) ? File.GetLastWriteTimeUtc(archive).Ticks : 0;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{archive}|{written}")));
        return $"disks/{Path.GetFileName(archive).Split('.')[0]}-{Convert.ToHexStringLower(hash)[..12]}";
    }
}
