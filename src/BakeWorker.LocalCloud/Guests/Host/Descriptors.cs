using System.Runtime.InteropServices;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>The open files of this process.</summary>
internal static class Descriptors
{
    private const uint CloseOnExec = 4;

    /// <summary>No program that is started from now on gets any of them, but for its three streams.</summary>
    public static void KeepToOurselves()
    {
        try
        {
            _ = close_range(3, uint.MaxValue, CloseOnExec);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2021: guests may see which files our parent left open, as any child of ours does.
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close_range(uint first, uint last, uint flags);
}
