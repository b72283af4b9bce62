using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>The disks of catalogue images: Debian's, each made once of the same packages as a sandbox's base and what a machine boots with.</summary>
internal sealed class VmBases(HostFolders folders, GuestHostOptions options, TimeProvider time)
{
    private const string BootPackages = "linux-image-cloud-amd64,initramfs-tools,udev";
    private const string Size = "8G";

    public const string File = "disk.qcow2";

    /// <summary>The folder of a base below the cache, made when it does not exist yet: its disk, and what <see cref="DiskReader"/> reads of it.</summary>
    public async Task<string> EnsureAsync(string diskId, CancellationToken ct)
    {
        if (await FindObstacleAsync(diskId, ct) is { } obstacle)
        {
            throw new GuestHostException(obstacle);
        }

        var (release, folder) = (BaseDisks.FindRelease(diskId)!, Folder(diskId));
        if (Directory.Exists(folders.Full(folder)))
        {
            return folder;
        }

        // The lock makes a second process wait for the first one's base instead of making its own.
        using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
        if (!Directory.Exists(folders.Full(folder)))
        {
            var builder = new DebianBase(folders, options, time);
            await builder.MakeAsync(release, $"{release.Packages},{BootPackages}", folder, partial => FinishAsync(partial, ct), ct);
        }

        return folder;
    }

    /// <summary>The disk of a base that exists already.</summary>
    public string? Find(string diskId) =>
        BaseDisks.FindRelease(diskId) is not null && Directory.Exists(folders.Full(Folder(diskId)))
            ? Path.Combine(folders.Full(Folder(diskId)), File)
            : null;

    /// <summary>Null when the base exists or can be made, else one sentence why not.</summary>
    public async Task<string?> FindObstacleAsync(string diskId, CancellationToken ct)
    {
        if (BaseDisks.FindRelease(diskId) is null)
        {
            return $"There is no virtual machine's base disk for {diskId.Split(':')[^1]}: they are made of Debian's releases only.";
        }

        return Find(diskId) is null && await BaseDisks.FindMissingAsync(ct) is { } missing
            ? $"A virtual machine's base disk {missing}."
            : null;
    }

    private async Task FinishAsync(string partial, CancellationToken ct)
    {
        var folder = folders.Full(partial);
        var make = new HostNamespace(folders.Root, VmScripts.Disk, $"{partial}/root", $"{partial}/{DiskReader.Raw}", Size)
        {
            Owned = folder,
        };
        await make.RunAsync("The base disk could not be made of its files", ct);
        await folders.RemoveAsync($"{partial}/root", ct);
        await DiskReader.ReadRawAsync(folder, ct);
        await QemuImage.ConvertAsync(Path.Combine(folder, DiskReader.Raw), Path.Combine(folder, File), "qcow2", ct);
        System.IO.File.Delete(Path.Combine(folder, DiskReader.Raw));
    }

    private static string Folder(string diskId) => $"bases/vm-debian-{BaseDisks.FindRelease(diskId)!.Version}";
}
