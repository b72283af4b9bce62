namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Who may do what with files of the host. Guests need Linux; elsewhere nobody comes as far as here.</summary>
internal static class FileModes
{
    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    public static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
