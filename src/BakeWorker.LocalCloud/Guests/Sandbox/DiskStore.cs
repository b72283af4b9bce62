using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>A disk as guests are laid over it: a folder of the cache that stays as long as this is not disposed.</summary>
internal sealed record MountedDisk(string Folder, FileLock Use) : IDisposable
{
    public void Dispose() => Use.Dispose();
}

/// <summary>Captured disks: the archive is the disk; what is extracted from it in the cache only makes boots fast.</summary>
internal sealed class DiskStore(SandboxFolders folders, BaseDisks bases, TimeProvider time)
{
    private static readonly string[] Endings = [".tar.zst", ".tar.gz"];
    private int _count;

    /// <summary>The archive of a captured disk; null when there is none.</summary>
    public string? FindArchive(string diskId) => Endings.Select(ending => Archive(diskId, ending)).FirstOrDefault(File.Exists);

    public DiskManifest? ReadManifest(string diskId) => DiskManifest.Read(Manifest(diskId));

    /// <summary>A disk's content as a folder below the cache, extracted or made when it is not there yet.</summary>
    public async Task<MountedDisk> MountAsync(string diskId, CancellationToken ct)
    {
        if (BaseDisks.IsBase(diskId))
        {
            var made = await bases.EnsureAsync(diskId, ct);
            var used = await FileLock.TakeAsync(folders.Full(made) + ".use", shared: true, time, ct);
            return new MountedDisk($"{made}/root", used);
        }

        var archive = FindArchive(diskId) ?? throw new SandboxException($"There is no disk {diskId}");
        var folder = Extracted(archive);
        while (true)
        {
            var use = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: true, time, ct);
            if (Directory.Exists(folders.Full(folder)))
            {
                return new MountedDisk($"{folder}/root", use);
            }

            use.Dispose();
            using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
            if (!Directory.Exists(folders.Full(folder)))
            {
                await ExtractAsync(archive, folder, ct);
            }
        }
    }

    /// <summary>Puts into the store what <paramref name="write"/> writes: the archive, and a folder of the cache with the same content.</summary>
    public async Task PutAsync(DiskManifest manifest, Func<string, string, Task> write, CancellationToken ct)
    {
        var (partial, claim) = folders.Claim("disks", manifest.Disk);
        try
        {
            Directory.CreateDirectory(folders.Full($"{partial}/root"));
            await PutAsync(manifest, file => write(file, $"{partial}/root"), ct);
            var archive = FindArchive(manifest.Disk)!;
            using var only = await FileLock.TakeAsync(folders.Full(Extracted(archive)) + ".lock", shared: false, time, ct);
            await KeepExtractedAsync(archive, partial, ct);
        }
        finally
        {
            await folders.RemoveAsync(partial, claim, CancellationToken.None);
        }
    }

    public async Task CopyAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        var archive = FindArchive(diskId) ?? throw new FileNotFoundException($"There is no disk {diskId}.", diskId);
        var manifest = ReadManifest(diskId) ?? new DiskManifest(diskId, "", "", HasAgent: false, time.GetUtcNow(), 0);
        await PutAsync(manifest with { Disk = newDiskId }, partial => Task.Run(() => File.Copy(archive, partial), ct), ct);
    }

    public async Task RemoveAsync(string diskId, CancellationToken ct)
    {
        while (FindArchive(diskId) is { } archive)
        {
            var folder = Extracted(archive);
            File.Delete(archive);
            await RemoveExtractedAsync(folder, ct);
        }

        File.Delete(Manifest(diskId));
    }

    /// <summary>Removes extracted disks whose archives are gone.</summary>
    public async Task RemoveStaleAsync(CancellationToken ct)
    {
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

    /// <summary>Puts an archive into the store; it appears whole or not at all.</summary>
    private async Task PutAsync(DiskManifest manifest, Func<string, Task> write, CancellationToken ct)
    {
        var partial = Path.Combine(folders.Disks, $".{manifest.Disk}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}");
        try
        {
            await write(partial);
            ct.ThrowIfCancellationRequested();
            (manifest with { Bytes = new FileInfo(partial).Length }).Write(Manifest(manifest.Disk));
            File.Move(partial, Archive(manifest.Disk, DiskArchive.Compressor.Ending), overwrite: true);
        }
        finally
        {
            File.Delete(partial);
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

    private string Archive(string diskId, string ending) => Path.Combine(folders.Disks, diskId + ending);

    private string Manifest(string diskId) => Path.Combine(folders.Disks, diskId + ".json");

    /// <summary>Several data folders may share the cache, and an id may be captured again: the name tells which archive it was.</summary>
    private static string Extracted(string archive)
    {
        var written = File.Exists(archive) ? File.GetLastWriteTimeUtc(archive).Ticks : 0;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{archive}|{written}")));
        return $"disks/{Path.GetFileName(archive).Split('.')[0]}-{Convert.ToHexStringLower(hash)[..12]}";
    }
}
