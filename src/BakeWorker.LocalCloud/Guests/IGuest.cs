using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Guests;

/// <summary>What instances are made of: scripted answers, Linux namespaces or virtual machines.</summary>
public interface IGuestHost : IAsyncDisposable
{
    /// <summary><c>scripted</c>, <c>sandbox</c> or <c>vm</c>.</summary>
    string Kind { get; }

    /// <summary>A guest that is not started yet.</summary>
    IGuest Create(GuestSpec spec);

    /// <summary>The packages on a disk that no guest runs, for image scans; null when there is no package database in it.</summary>
    Task<PackageList?> ReadPackagesAsync(string diskId, CancellationToken ct);

    /// <summary>Where a captured disk lies, for people; null when it is nowhere to be looked at.</summary>
    string? FindDisk(string diskId);

    /// <summary>A second disk with the same content (CopyImage, CopySnapshot).</summary>
    Task CopyDiskAsync(string diskId, string newDiskId, CancellationToken ct);

    /// <summary>Succeeds when the disk is gone already.</summary>
    Task RemoveDiskAsync(string diskId, CancellationToken ct);
}

/// <summary>What a guest is started from. <paramref name="DiskId"/> is the root snapshot id of its image, or <c>catalogue:NAME</c> for a catalogue base.</summary>
public sealed record GuestSpec(string InstanceId, string ImageId, string DiskId, string Region)
{
    public bool IsWindows { get; init; }
    public string InstanceType { get; init; } = "";

    /// <summary>Decoded user data.</summary>
    public string UserData { get; init; } = "";

    /// <summary>Whether the user data brings the SSM agent to a disk that has none.</summary>
    public bool InstallsAgent => UserData.Contains("amazon-ssm-agent", StringComparison.OrdinalIgnoreCase);

    /// <summary>The instance's tags at launch.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>False in a subnet without a route to the internet.</summary>
    public bool HasInternet { get; init; } = true;

    /// <summary>The address of its network card, and the card's own.</summary>
    public string PrivateIp { get; init; } = "172.31.0.10";
    public string Mac { get; init; } = "02:00:00:00:00:01";

    /// <summary>What answers at 169.254.169.254; null for a guest that has no such service.</summary>
    public IMetadataService? Metadata { get; init; }
}

/// <summary>An instance's metadata service, as requests from inside it arrive.</summary>
public interface IMetadataService
{
    WireResponse Answer(WireRequest request);
}

/// <summary>A computer: it boots, runs scripts as root, restarts, powers off, and its disk can be captured while it is off.</summary>
public interface IGuest : IAsyncDisposable
{
    /// <summary>Raised when the guest powered itself off (not by <see cref="PowerOffAsync"/>).</summary>
    event EventHandler? PoweredOff;

    /// <summary>
    /// Boots from the guest's own disk; returns when its agent could answer. Also used to start again after a stop.
    /// Throws <see cref="GuestBootException"/> when it never will: EC2 then shows it running with an impaired status check.
    /// </summary>
    Task BootAsync(CancellationToken ct);

    /// <summary>Restarts: everything that ran is dead afterwards, the boot id is new. Returns when the agent could answer again.</summary>
    Task RebootAsync(CancellationToken ct);

    /// <summary>An orderly stop.</summary>
    Task PowerOffAsync(CancellationToken ct);

    /// <summary>Runs a script file as root with its own interpreter line. Cancellation and timeout kill its whole process group.</summary>
    Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct);

    /// <summary>Copies the disk of the stopped guest into the disk store under this id.</summary>
    Task CaptureAsync(string diskId, CancellationToken ct);

    /// <summary>Everything the console showed since the first boot.</summary>
    Task<string> ReadConsoleAsync(CancellationToken ct);

    /// <summary>The packages the running guest has, for instance scans.</summary>
    Task<PackageList?> ReadPackagesAsync(CancellationToken ct);

    /// <summary>What its screen shows now, as a JPEG; null when it has none, as one that shares its host's kernel.</summary>
    Task<byte[]?> PhotographAsync(CancellationToken ct);

    /// <summary>Whether an SSM agent runs in it (in the image, or installed by user data).</summary>
    bool HasAgent { get; }
}

/// <summary>The guest does not come up.</summary>
public sealed class GuestBootException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A script as the SSM agent would run it.</summary>
public sealed record GuestScript(string Text, TimeSpan Timeout)
{
    /// <summary>The SSM command id.</summary>
    public required string CommandId { get; init; }

    /// <summary>The command's comment: scenarios recognise steps by it.</summary>
    public string Comment { get; init; } = "";
    public string WorkingDirectory { get; init; } = "";
    public bool IsPowerShell { get; init; }
}

/// <summary>How a script ended. <see cref="TimedOut"/> means that it was killed at its timeout.</summary>
public sealed record GuestExit(int ExitCode, string Output, string ErrorOutput, bool TimedOut = false)
{
    /// <summary>The guest died under the script: the agent will never report.</summary>
    public bool Lost { get; init; }
}

/// <summary>The content of a dpkg or rpm database. <paramref name="Ecosystem"/> is OSV's, such as <c>Debian:12</c>.</summary>
public sealed record PackageList(string Ecosystem, IReadOnlyList<Package> Packages);

/// <summary>An installed package. <paramref name="Source"/> is the source package that advisories name.</summary>
public sealed record Package(string Name, string Version, string Source, string Architecture)
{
    /// <summary>The version that advisories compare; a package rebuilt or renumbered by its packager has another one than its source.</summary>
    public string SourceVersion { get; init; } = Version;
}
