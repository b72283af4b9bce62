using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>Whom programs run as that handle what a machine made, when we are root; without any right of root's in any case.</summary>
/// <param name="Id">Empty when we are not root: then it is ourselves.</param>
internal sealed record MachineUser(string Id, string Group)
{
    private const string Nobodys = "100000";

    /// <summary>A user that nobody else is: the first of the range that sandboxes use, too.</summary>
    public static MachineUser Nobody { get; } = Environment.IsPrivilegedProcess ? new(Nobodys, Nobodys) : new("", "");

    /// <summary>Nobody, as far as somebody in the device's group may use it; else the device's owner.</summary>
    public static async Task<MachineUser> OfDeviceAsync(string device, CancellationToken ct)
    {
        var stat = await HostTool.RunAsync(["stat", "-c", "%u %g", device], ct);
        return stat.Output.Trim().Split(' ') is not [var owner, var group] || Nobody.Id is "" ? Nobody
            : FileModes.Of(device).HasFlag(UnixFileMode.GroupRead | UnixFileMode.GroupWrite) ? Nobody with { Group = group }
            : new MachineUser(owner, group);
    }

    /// <summary>The command as nobody runs it.</summary>
    public static IReadOnlyList<string> AsNobody(params string[] command) =>
        Nobody.Id is ""
            ? command
            :
            [
                "setpriv",
                $"--reuid={Nobodys}",
                $"--regid={Nobodys}",
                "--clear-groups",
                "--bounding-set=-all",
                "--no-new-privs",
                .. command,
            ];
}
