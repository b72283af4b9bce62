using System.Net.Sockets;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A machine's own folder in the cache: its disk, and the sockets to it while it runs.</summary>
internal sealed class MachineFolder : IAsyncDisposable
{
    /// <summary>What the kernel takes as a socket's path, with room for the longest name here.</summary>
    private const int LongestPath = 107 - 16;

    /// <summary>
    /// The disk below by a name of the folder's own: QEMU's user may not enter whatever folder it lies in, and an instance outlives its image.
    /// </summary>
    private const string Below = "below.qcow2";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly HostFolders _folders;
    private readonly FileLock _claim;
    private readonly string _relative;
    private readonly string _short;

    private MachineFolder(HostFolders folders, string relative, FileLock claim)
    {
        (_folders, _relative, _claim) = (folders, relative, claim);
        _short = Path;
        if (Path.Length > LongestPath)
        {
            _short = System.IO.Path.Combine(Directory.CreateTempSubdirectory("vm-").FullName, "m");
            System.IO.File.CreateSymbolicLink(_short, Path);
        }
    }

    public string Path => _folders.Full(_relative);

    public string Disk => File("disk.qcow2");

    /// <summary>Makes the folder of an instance, with a disk that keeps what becomes other than in the disk below.</summary>
    public static async Task<MachineFolder> OpenAsync(HostFolders folders, string instanceId, VmDisk below, CancellationToken ct)
    {
        var (relative, claim) = folders.Claim("machines", instanceId);
        var folder = new MachineFolder(folders, relative, claim);
        await QemuImage.LendAsync(below.File, folder.File(Below), ct);
        await QemuImage.LayAsync(Below, folder.Disk, ct);
        return folder;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A socket in the folder, by a path that is short enough.</summary>
    public string Socket(string name) => System.IO.Path.Combine(_short, $"{name}.sock");

    /// <summary>Connects to a socket that is about to be there; gives up when <paramref name="ended"/>.</summary>
    public async Task<NetworkStream> ConnectAsync(string name, Task ended, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket(name)), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (!ended.IsCompleted)
            {
                socket.Dispose();
                await Task.WhenAny(ended, Task.Delay(Pause, time, ct));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_short != Path)
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(_short)!, recursive: true);
        }

        await _folders.RemoveAsync(_relative, _claim, CancellationToken.None);
    }
}
