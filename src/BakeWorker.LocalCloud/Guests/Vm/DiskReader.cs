using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Inspector.Advisories;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Reads of a disk what its host needs: the newest kernel, and the package database. The disk itself stays as it is.</summary>
internal static partial class DiskReader
{
    public const string Raw = "disk.raw";
    public const string Kernel = "kernel";
    public const string Initrd = "initrd";
    private const string System = "os-release";
    private const string Status = "status";

    /// <summary>Reads a disk in qcow2 format into a folder.</summary>
    public static async Task ReadAsync(string disk, string folder, CancellationToken ct)
    {
        // Only the raw format can be read in place by programs that know file systems.
        await QemuImage.ConvertAsync(disk, Path.Combine(folder, Raw), "raw", ct);
        try
        {
            await ReadRawAsync(folder, ct);
        }
        finally
        {
            File.Delete(Path.Combine(folder, Raw));
        }
    }

    /// <summary>Reads the raw disk in the folder; as a user who can do no harm, since whoever had the disk may have prepared it for us.</summary>
    public static async Task ReadRawAsync(string folder, CancellationToken ct)
    {
        var mode = FileModes.Of(folder);
        FileModes.Set(folder, mode | UnixFileMode.OtherWrite);
        try
        {
            var boot = await AskAsync(folder, ct, "-R", "ls -p /boot", Raw);
            var (kernel, initrd) = FindNewest(
                boot.Split('\n').Select(line => line.Split('/')).Where(parts => parts.Length > 5).Select(parts => parts[5])
            );
            await File.WriteAllTextAsync(
                Path.Combine(folder, "wanted"),
                $"dump /boot/{kernel} {Kernel}\ndump /boot/{initrd} {Initrd}\ndump /usr/lib/os-release {System}\ndump /var/lib/dpkg/status {Status}\n",
                ct
            );
            await AskAsync(folder, ct, "-f", "wanted", Raw);
        }
        finally
        {
            FileModes.Set(folder, mode);
        }
    }

    /// <summary>The packages that were read; null when it was not dpkg's database.</summary>
    public static async Task<PackageList?> ReadPackagesAsync(string folder, CancellationToken ct)
    {
        var (system, status) = (Path.Combine(folder, System), Path.Combine(folder, Status));
        return File.Exists(status)
            ? PackageDatabase.Parse($"{await File.ReadAllTextAsync(system, ct)}\n@dpkg\n{await File.ReadAllTextAsync(status, ct)}")
            : null;
    }

    /// <summary>As boot loaders choose: the highest version that has an initial file system.</summary>
    private static (string Kernel, string Initrd) FindNewest(IEnumerable<string> names)
    {
        var there = names.ToHashSet();
        var newest = there
            .Select(name => KernelName().Match(name))
            .Where(match => match.Success)
            .Select(match => match.Groups["version"].Value)
            .Select(version => (version, initrd: Array.Find([$"initrd.img-{version}", $"initramfs-{version}.img"], there.Contains)))
            .Where(found => found.initrd is not null)
            .MaxBy(found => found.version, DpkgVersionOrder.Instance);
        return newest.initrd is { } initrd
            ? ($"vmlinuz-{newest.version}", initrd)
            : throw new GuestHostException("there is no kernel with an initial file system in /boot of this disk");
    }

    private static async Task<string> AskAsync(string folder, CancellationToken ct, params string[] arguments)
    {
        var asked = await HostTool.RunAsync(MachineUser.AsNobody(["debugfs", .. arguments]), ct, folder: folder);
        return asked.ExitCode == 0 ? asked.Output : throw new GuestHostException($"the disk cannot be read: {asked.Reason}");
    }

    [GeneratedRegex(@"^vmlinuz-(?<version>[0-9][A-Za-z0-9.+~_-]*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KernelName();
}
