namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>The files of captured disks in the data folder: each appears whole or not at all, with a manifest beside it.</summary>
/// <param name="endings">What the files may end in; a new one ends in the first.</param>
internal sealed class DiskFiles(string folder, TimeProvider time, params IReadOnlyList<string> endings)
{
    private const string Claimed = ".lock";
    private int _count;

    /// <summary>The file of a captured disk; null when there is none.</summary>
    public string? Find(string diskId) =>
        endings.Select(ending => Path.Combine(folder, diskId + ending)).Distinct().FirstOrDefault(File.Exists);

    public string Get(string diskId) => Find(diskId) ?? throw new GuestHostException($"There is no disk {diskId}");

    public DiskManifest? ReadManifest(string diskId) => DiskManifest.Read(Manifest(diskId));

    /// <summary>Puts into the folder what <paramref name="write"/> writes.</summary>
    public async Task PutAsync(DiskManifest manifest, Func<string, Task> write, CancellationToken ct)
    {
        var partial = Path.Combine(folder, $".{manifest.Disk}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}");
        var claim = await FileLock.TakeAsync(partial + Claimed, shared: false, time, ct);
        try
        {
            await write(partial);
            ct.ThrowIfCancellationRequested();
            (manifest with { Bytes = new FileInfo(partial).Length }).Write(Manifest(manifest.Disk));
            File.Move(partial, Path.Combine(folder, manifest.Disk + endings[0]), overwrite: true);
        }
        finally
        {
            Give(claim, partial);
        }
    }

    public async Task CopyAsync(string diskId, string newDiskId, CancellationToken ct)
    {
        var file = Find(diskId) ?? throw new FileNotFoundException($"There is no disk {diskId}.", diskId);
        var manifest = ReadManifest(diskId) ?? new DiskManifest(diskId, "", "", HasAgent: false, time.GetUtcNow(), 0);
        await PutAsync(manifest with { Disk = newDiskId }, partial => Task.Run(() => File.Copy(file, partial), ct), ct);
    }

    /// <summary>Removes the manifest of a disk whose files are gone.</summary>
    public void Forget(string diskId) => File.Delete(Manifest(diskId));

    /// <summary>Removes files that dead processes did not finish.</summary>
    public void RemoveStale()
    {
        foreach (var path in Directory.EnumerateFiles(folder, $".*{Claimed}").ToList())
        {
            if (FileLock.TryTake(path) is { } taken)
            {
                Give(taken, path[..^Claimed.Length]);
            }
        }
    }

    private static void Give(FileLock claim, string partial)
    {
        File.Delete(partial);
        File.Delete(partial + Claimed);
        claim.Dispose();
    }

    private string Manifest(string diskId) => Path.Combine(folder, diskId + ".json");
}
