using System.Diagnostics;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A running QEMU.</summary>
internal static class QemuProcess
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>Starts it in a folder, which is its user's from now on. When its standard input closes, or we die, it is cut off.</summary>
    public static Process Start(string folder, Accelerator accelerator, IReadOnlyList<string> arguments) =>
        HostTool.Start(
            ["sh", "-c", VmScripts.Launch, "launch", accelerator.User.Id, accelerator.User.Group, HostTool.Find(Program)!, .. arguments],
            folder: folder
        );
}
