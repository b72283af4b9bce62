using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>
/// A disk as guests are laid over it: folders of the cache that stay as long as this is not disposed, each over the ones after it.
/// </summary>
internal sealed record MountedDisk(IReadOnlyList<string> Layers, IReadOnlyList<FileLock> Uses) : IDisposable
{
    /// <summary>The base's folder, when this is a base and nothing over it.</summary>
    public string? Base { get; init; }

    /// <summary>The layers as overlayfs takes them.</summary>
    public string Lower => string.Join(':', Layers);

    public void Dispose()
    {
        foreach (var use in Uses)
        {
            use.Dispose();
        }
    }
}
