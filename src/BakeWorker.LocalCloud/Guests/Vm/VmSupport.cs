using System.Runtime.InteropServices;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Whether this machine can run virtual ones.</summary>
public static class VmSupport
{
    private static readonly (string Program, string Package)[] Tools =
    [
        (QemuProcess.Program, "qemu-system-x86"),
        ("qemu-img", "qemu-utils"),
        ("debugfs", "e2fsprogs"),
        ("mke2fs", "e2fsprogs"),
        ("setpriv", "util-linux"),
        ("setsid", "util-linux"),
        ("perl", "perl"),
    ];

    /// <summary>
    /// Null when virtual machines can be had, else one sentence why not. With a disk (<c>catalogue:debian-12</c>) it also answers whether
    /// there is a base for it, or a way to make one.
    /// </summary>
    public static async Task<string?> CheckAsync(VmOptions options, string? diskId, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            return "Virtual machines are those of a Linux machine with an x86_64 processor, and this is none.";
        }

        var missing = Tools.Where(tool => HostTool.Find(tool.Program) is null).ToList();
        if (missing.Count > 0)
        {
            return $"Virtual machines need {Join(missing.Select(tool => tool.Program))} ({Packages(missing)}), which this machine does not have.";
        }

        try
        {
            var folders = new HostFolders(options);
            var bases = new VmBases(folders, options, TimeProvider.System);
            if (diskId is null || !BaseDisks.IsBase(diskId) || bases.Find(diskId) is not null)
            {
                return null;
            }

            // A base is made where nothing of this machine can be touched, which is a sandbox.
            return await bases.FindObstacleAsync(diskId, ct) ?? await SandboxSupport.CheckAsync(options, null, ct);
        }
        catch (Exception exception) when (exception is GuestHostException or IOException or UnauthorizedAccessException)
        {
            return $"{exception.Message.TrimEnd('.')}.";
        }
    }

    private static string Packages(IReadOnlyList<(string Program, string Package)> missing)
    {
        var packages = missing.Select(tool => tool.Package).Distinct().ToList();
        return $"Debian's package{(packages.Count > 1 ? "s" : "")} {Join(packages)}";
    }

    private static string Join(IEnumerable<string> words) => string.Join(" and ", words);
}
