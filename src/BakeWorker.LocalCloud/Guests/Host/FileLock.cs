namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>A lock that ends with its process, so that what dead processes left behind can be told from what is in use.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>The lock, or null when somebody holds it in a way that excludes this one.</summary>
    public static FileLock? TryTake(string path, bool shared = false)
    {
        try
        {
            return new FileLock(
                shared
                    ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read)
                    : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            );
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock.</summary>
    public static async Task<FileLock> TakeAsync(string path, bool shared, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            if (TryTake(path, shared) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    public void Dispose() => _stream.Dispose();
}
