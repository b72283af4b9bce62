using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>The disks of catalogue images: imported ones, and Debian's, which are made on the spot where apt is.</summary>
internal sealed partial class BaseDisks(HostFolders folders, GuestHostOptions options, TimeProvider time)
{
    private const string Prefix = "catalogue:";
    private static readonly string[] Tools = ["apt-get", "apt-config", "dpkg", "perl"];
    private static readonly string[] WithoutAgent = ["debian", "rhel", "minimal"];

    public static bool IsBase(string diskId) => diskId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Debian, RHEL and minimal bases come without an SSM agent, as on AWS.</summary>
    public static bool HasAgent(string diskId) =>
        !Array.Exists(WithoutAgent, word => diskId.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The folder of a base below the cache, made when it does not exist yet.</summary>
    public async Task<string> EnsureAsync(string diskId, CancellationToken ct)
    {
        var folder = Folder(diskId);
        if (Directory.Exists(folders.Full(folder)))
        {
            return folder;
        }

        if (await FindObstacleAsync(diskId, ct) is { } obstacle)
        {
            throw new GuestHostException(obstacle);
        }

        // The lock makes a second process wait for the first one's base instead of making its own.
        using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
        if (!Directory.Exists(folders.Full(folder)))
        {
            var (builder, release) = (new DebianBase(folders, options, time), FindRelease(diskId)!);
            await builder.MakeAsync(release, release.Packages, folder, _ => Task.CompletedTask, ct);
        }

        return folder;
    }

    /// <summary>Makes a base of a root file system in a tar archive, in place of an earlier one of that name.</summary>
    public async Task ImportAsync(string name, string file, CancellationToken ct)
    {
        var folder = Folder(Prefix + name);
        using var only = await FileLock.TakeAsync(folders.Full(folder) + ".lock", shared: false, time, ct);
        var (partial, claim) = folders.Claim("bases", Path.GetFileName(folder));
        try
        {
            var root = $"{partial}/root";
            Directory.CreateDirectory(folders.Full(root));
            await DiskArchive.ExtractAsync(folders, Path.GetFullPath(file), root, ct);
            if (!File.Exists(folders.Full($"{root}/bin/sh")) && !File.Exists(folders.Full($"{root}/usr/bin/sh")))
            {
                throw new GuestHostException($"{file} is not a root file system: it has no /bin/sh");
            }

            await folders.RemoveAsync(folder, ct);
            Directory.Move(folders.Full(partial), folders.Full(folder));
        }
        finally
        {
            await folders.RemoveAsync(partial, claim, CancellationToken.None);
        }
    }

    /// <summary>The root of a base that exists already.</summary>
    public string? Find(string diskId) => Directory.Exists(folders.Full(Folder(diskId))) ? folders.Full(Folder(diskId) + "/root") : null;

    /// <summary>Null when the base exists or can be made, else one sentence why not.</summary>
    public async Task<string?> FindObstacleAsync(string diskId, CancellationToken ct)
    {
        if (Directory.Exists(folders.Full(Folder(diskId))))
        {
            return null;
        }

        var name = Name(diskId);
        var advice = $"'bakeworker local import {name} FILE.tar' takes a root file system for it";
        if (FindRelease(diskId) is null)
        {
            return $"There is no base disk for {name}; {advice}.";
        }

        return await FindMissingAsync(ct) is { } missing ? $"A base disk for {name} {missing}; {advice}." : null;
    }

    /// <summary>What a base cannot be made without, as the end of a sentence; null when all of it is here.</summary>
    public static async Task<string?> FindMissingAsync(CancellationToken ct)
    {
        if (Tools.FirstOrDefault(tool => HostTool.Find(tool) is null) is { } missing)
        {
            return $"can only be made where apt and perl are, and there is no '{missing}' here";
        }

        var perl = await HostTool.RunAsync(["perl", "-MPod::Usage", "-MMath::BigInt", "-e", "1"], ct);
        return perl.ExitCode == 0 ? null : "needs Perl's standard modules (Debian's package perl), which are not installed here";
    }

    /// <summary>The release of Debian that a catalogue disk is; null for others, and for those that this processor cannot run.</summary>
    public static DebianRelease? FindRelease(string diskId) =>
        DebianRelease.Find(
            Name(diskId),
            RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "amd64",
                Architecture.Arm64 => "arm64",
                _ => "",
            }
        );

    private static string Name(string diskId) => IsBase(diskId) ? diskId[Prefix.Length..] : diskId;

    /// <summary>All dated names of a Debian release are one base; others are as they were imported.</summary>
    private static string Folder(string diskId) =>
        FindRelease(diskId) is { } release && !diskId.Contains("arm64")
            ? $"bases/debian-{release.Version}"
            : $"bases/{NoFileName().Replace(Name(diskId), "-")}";

    [GeneratedRegex("[^A-Za-z0-9-]+", RegexOptions.NonBacktracking)]
    private static partial Regex NoFileName();
}
