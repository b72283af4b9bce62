using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>Whether this machine can run sandboxes.</summary>
public static class SandboxSupport
{
    private static readonly string[] Tools =
    [
        "sh",
        "setsid",
        "prlimit",
        "unshare",
        "nsenter",
        "setpriv",
        "mount",
        "umount",
        "pivot_root",
        "tar",
        "cp",
        "rm",
        "find",
    ];

    /// <summary>
    /// Null when a sandbox can be had, else one sentence why not. With a disk (<c>catalogue:debian-12</c>) it also answers whether there is
    /// a base for it, or a way to make one.
    /// </summary>
    public static async Task<string?> CheckAsync(GuestHostOptions options, string? diskId, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Sandboxes are made of Linux namespaces, and this machine does not run Linux.";
        }

        if (Tools.FirstOrDefault(tool => HostTool.Find(tool) is null) is { } missing)
        {
            return $"Sandboxes need the program '{missing}', which this machine does not have.";
        }

        if (!Environment.IsPrivilegedProcess && (HostTool.Find("newuidmap") is null || HostTool.Find("newgidmap") is null))
        {
            return "Sandboxes need root, or newuidmap and newgidmap (Debian's package uidmap) with a range of ids in /etc/subuid and /etc/subgid.";
        }

        try
        {
            var folders = new HostFolders(options);
            await TryAsync(folders, ct);
            return diskId is null ? null : await new BaseDisks(folders, options, TimeProvider.System).FindObstacleAsync(diskId, ct);
        }
        catch (Exception exception) when (exception is GuestHostException or IOException or UnauthorizedAccessException)
        {
            return $"{exception.Message.TrimEnd('.')}.";
        }
    }

    private static async Task TryAsync(HostFolders folders, CancellationToken ct)
    {
        var (folder, claim) = folders.Claim("instances", "trial");
        try
        {
            var trial = new HostNamespace(folders.Root, SandboxScripts.Trial, folder) { Owned = folders.Full(folder) };
            await trial.RunAsync("Sandboxes cannot run on this machine", ct);
        }
        finally
        {
            await folders.RemoveAsync(folder, claim, CancellationToken.None);
        }
    }
}
