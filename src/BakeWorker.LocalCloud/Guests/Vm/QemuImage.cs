using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Disk images, by qemu-img.</summary>
internal static class QemuImage
{
    /// <summary>Writes all of a disk, whatever it lies over, into one file of its own.</summary>
    public static Task ConvertAsync(string disk, string target, string format, CancellationToken ct) =>
        RunAsync($"{disk} cannot be written as {format}", ct, "qemu-img", "convert", "-O", format, disk, target);

    /// <summary>Makes a disk that keeps only what becomes other than in the disk below, which must stay as it is.</summary>
    public static Task LayAsync(string below, string target, CancellationToken ct) =>
        RunAsync($"no disk can be laid over {below}", ct, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, target);

    /// <summary>Gives a disk a second name, which stays when the first one goes; on another file system a copy.</summary>
    public static Task LendAsync(string disk, string target, CancellationToken ct) =>
        RunAsync(
            $"{disk} cannot be used",
            ct,
            "sh",
            "-c",
            "ln \"$1\" \"$2\" 2>/dev/null || cp --reflink=auto --sparse=always \"$1\" \"$2\"",
            "lend",
            disk,
            target
        );

    private static async Task RunAsync(string failure, CancellationToken ct, params string[] command)
    {
        var result = await HostTool.RunAsync(command, ct);
        if (result.ExitCode != 0)
        {
            throw new GuestHostException($"{failure}: {result.Reason}");
        }
    }
}
