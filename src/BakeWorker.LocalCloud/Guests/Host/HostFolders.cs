namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>The cache folder: what lies in it belongs to the root of guests, so it is made and removed on their behalf.</summary>
internal sealed class HostFolders
{
    private static readonly string[] Kinds = ["instances", "machines", "bases", "disks", "boots", "layers"];
    private int _count;

    public HostFolders(GuestHostOptions options)
    {
        (Root, Disks) = (options.Cache, options.Disks);
        foreach (var folder in Kinds)
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
        }

        Directory.CreateDirectory(Disks);
    }

    /// <summary>Where every namespace starts; all names in it are relative to it.</summary>
    public string Root { get; }

    /// <summary>Where captured archives lie.</summary>
    public string Disks { get; }

    public string Full(string relative) => Path.Combine(Root, relative);

    /// <summary>A new folder and the lock that says that we use it; both end with <see cref="RemoveAsync"/> or with our death.</summary>
    public (string Folder, FileLock Lock) Claim(string kind, string name)
    {
        while (true)
        {
            var folder = $"{kind}/{name}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}";
            if (FileLock.TryTake(Full(folder) + ".lock") is { } taken)
            {
                if (!Directory.Exists(Full(folder)))
                {
                    Directory.CreateDirectory(Full(folder));
                    return (folder, taken);
                }

                taken.Dispose();
            }
        }
    }

    /// <summary>Removes a folder of the cache, whatever ids its files have.</summary>
    public async Task RemoveAsync(string relative, CancellationToken ct)
    {
        if (!Directory.Exists(Full(relative)))
        {
            return;
        }

        if (Environment.IsPrivilegedProcess)
        {
            var removed = await HostTool.RunAsync(["rm", "-rf", "--one-file-system", "--", Full(relative)], ct);
            if (removed.ExitCode != 0)
            {
                throw new GuestHostException($"{Full(relative)} cannot be removed: {removed.Reason}");
            }
        }
        else
        {
            var remove = new HostNamespace(Root, "exec rm -rf -- \"$1\"", relative);
            await remove.RunAsync($"{Full(relative)} cannot be removed", ct);
        }
    }

    /// <summary>Removes a claimed folder and gives up its claim.</summary>
    public async Task RemoveAsync(string relative, FileLock claim, CancellationToken ct)
    {
        await RemoveAsync(relative, ct);
        File.Delete(Full(relative) + ".lock");
        claim.Dispose();
    }

    /// <summary>Removes what processes that died have left.</summary>
    public async Task RemoveStaleAsync(CancellationToken ct)
    {
        foreach (var kind in Kinds)
        {
            foreach (var path in Directory.EnumerateFiles(Full(kind), "*.*.*.lock").ToList())
            {
                if (FileLock.TryTake(path) is { } taken)
                {
                    await RemoveAsync($"{kind}/{Path.GetFileNameWithoutExtension(path)}", taken, ct);
                }
            }
        }
    }
}
