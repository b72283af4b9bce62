using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Disk images, by qemu-img.</summary>
internal static class QemuImage
{
    /// <summary>Writes all of a disk, whatever it lies over, into one file of its own.</summary>
    public static Task ConvertAsync(string disk, string target, string format, CancellationToken ct) =>
        RunAsync($"{disk} cannot be written as {format}", ct, "convert", "-O", format, disk, target);

    /// <summary>Makes a disk that keeps only what becomes other than in the disk below, which must stay as it is.</summary>
    public static Task LayAsync(string below, string target, CancellationToken ct) =>
        RunAsync($"no disk can be laid over {below}", ct, "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, target);

    private static async Task RunAsync(string failure, CancellationToken ct, params string[] arguments)
    {
        var result = await HostTool.RunAsync(["qemu-img", .. arguments], ct);
        if (result.ExitCode != 0)
        {
            throw new GuestHostException($"{failure}: {result.Reason}");
        }
    }
}
