using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>A guest's own disk: what it changed, over the disk it was started from.</summary>
internal sealed class SandboxDisk : IAsyncDisposable
{
    private readonly HostFolders _folders;
    private readonly HostLayer _layers;
    private readonly FileLock _claim;

    private SandboxDisk(HostFolders folders, HostLayer layers, MountedDisk below, string work, FileLock claim) =>
        (_folders, _layers, Below, Work, _claim) = (folders, layers, below, work, claim);

    /// <summary>The disk below.</summary>
    public MountedDisk Below { get; }

    /// <summary>The folder of what the guest changed.</summary>
    public string Work { get; }

    /// <summary>What the host lent to the last boot.</summary>
    public string Layer { get; private set; } = "";

    public static async Task<SandboxDisk> OpenAsync(SandboxGuestHost host, GuestSpec spec, CancellationToken ct)
    {
        if (spec.IsWindows)
        {
            throw new GuestHostException("a sandbox cannot run Windows");
        }

        await host.TidyOnceAsync();
        var below = await host.Store.MountAsync(spec.DiskId, ct);
        var (work, claim) = host.Folders.Claim("instances", spec.InstanceId);
        return new SandboxDisk(host.Folders, host.Layers, below, work, claim);
    }

    public async Task<string> LayAsync(CancellationToken ct) => Layer = await _layers.EnsureAsync(Below, ct);

    public async ValueTask DisposeAsync()
    {
        await _folders.RemoveAsync(Work, _claim, CancellationToken.None);
        Below.Dispose();
    }
}
