using System.Runtime.InteropServices;

namespace BakeWorker.Core.Proofs;

/// <summary>
/// Gives a finished draft the name that others read, once for all processes: whoever comes second loses. Outside of Windows
/// <see cref="File.Move(string, string, bool)"/> looks first and renames then, so that two at once would both believe to be the first.
/// </summary>
internal static partial class FirstFile
{
    /// <summary>False when the name was taken; the draft is gone either way.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static bool Place(string draft, string path)
    {
        try
        {
            Name(draft, path);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // A file system without hard links has to make do with the move.
    private static void Name(string draft, string path)
    {
        if (OperatingSystem.IsWindows() || Link(draft, path) != 0)
        {
            File.Move(draft, path, overwrite: false);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string draft, string path);
}
