using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A disk that machines start from: its file, and the folder of what was read of it.</summary>
internal sealed record VmDisk(string File, string Boot);

/// <summary>The disks that machines start from: bases, and captured ones, each a qcow2 file that needs no other.</summary>
internal sealed class VmStore(HostFolders folders, VmBases bases, TimeProvider time)
{
    private const string Ending = ".qcow2";
    private readonly DiskFiles _files = new(folders.Disks, time, Ending);

    public string? Find(string diskId) => BaseDisks.IsBase(diskId) ? bases.Find(diskId) : _files.Find(diskId);

    public bool HasAgent(string diskId) =>
        BaseDisks.IsBase(diskId) ? BaseDisks.HasAgent(diskId) : _files.ReadManifest(diskId)?.HasAgent ?? true;

    public async Task<VmDisk> OpenAsync(string diskId, CancellationToken ct)
    {
        if (BaseDisks.IsBase(diskId))
        {
            var made = folders.Full(await bases.EnsureAsync(diskId, ct));
            return new VmDisk(Path.Combine(made, VmBases.File), made);
        }

        var file = _files.Get(diskId);
        var boot = BootFolder(file);
        using var only = await FileLock.TakeAsync(folders.Full(boot) + ".lock", shared: false, time, ct);
        if (!Directory.Exists(folders.Full(boot)))
        {
            var (partial, claim) = folders.Claim("boots", Path.GetFileName(boot));
            try
            {
                await DiskReader.ReadAsync(file, folders.Full(partial), ct);
                await File.WriteAllTextAsync(folders.Full(boot) + ".disk", file, ct);
                Directory.Move(folders.Full(partial), folders.Full(boot));
            }
            finally
            {
                await folders.RemoveAsync(partial, claim, CancellationToken.None);
            }
        }

        return new VmDisk(file, folders.Full(boot));
    }

    /// <summary>Keeps all of a disk under a new id.</summary>
    public Task PutAsync(DiskManifest manifest, string disk, CancellationToken ct) =>
        _files.PutAsync(manifest, file => QemuImage.ConvertAsync(disk, file, "qcow2", ct), ct);

    public async Task CopyAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        if (BaseDisks.IsBase(diskId))
        {
            var (disk, _) = await OpenAsync(diskId, ct);
            await PutAsync(new DiskManifest(newDiskId, diskId, "", HasAgent(diskId), time.GetUtcNow(), 0), disk, ct);
        }
        else
        {
            await _files.CopyAsync(diskId, newDiskId, ct);
        }
    }

    public async Task RemoveAsync(string diskId, CancellationToken ct)
    {
        if (_files.Find(diskId) is { } file)
        {
            var boot = BootFolder(file);
            File.Delete(file);
            await ForgetAsync(boot, ct);
        }

        _files.Forget(diskId);
    }

    /// <summary>Removes files that dead processes did not finish, and what was read of disks that are gone.</summary>
    public async Task RemoveStaleAsync(CancellationToken ct)
    {
        _files.RemoveStale();
        foreach (var path in Directory.EnumerateFiles(folders.Full("boots"), "*.disk").ToList())
        {
            var (file, boot) = (await File.ReadAllTextAsync(path, ct), $"boots/{Path.GetFileNameWithoutExtension(path)}");
            if (!File.Exists(file) || BootFolder(file) != boot)
            {
                await ForgetAsync(boot, ct);
            }
        }
    }

    private async Task ForgetAsync(string boot, CancellationToken ct)
    {
        await folders.RemoveAsync(boot, ct);
        File.Delete(folders.Full(boot) + ".disk");
        File.Delete(folders.Full(boot) + ".lock");
    }

    /// <summary>Several data folders may share the cache, and an id may be captured again: the name tells which file it was.</summary>
    private static string BootFolder(string file)
    {
        var written = File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file}|{written}")));
        return $"boots/{Path.GetFileNameWithoutExtension(file)}-{Convert.ToHexStringLower(hash)[..12]}";
    }
}
