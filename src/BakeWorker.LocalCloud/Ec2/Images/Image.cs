using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>An AMI: what guests start from.</summary>
internal sealed class Image(string id, string ownerId, string name, DateTimeOffset createdAt) : Resource(id, "image")
{
    public string OwnerId { get; } = ownerId;
    public string Name { get; } = name;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public string? OwnerAlias { get; init; }
    public string Description { get; set; } = "";
    public string Architecture { get; init; } = "x86_64";
    public string RootDevice { get; init; } = "/dev/xvda";
    public IReadOnlyList<BlockDevice> Devices { get; init; } = [];

    /// <summary>What a guest starts from: the root snapshot's id, or the catalogue's name for it.</summary>
    public required string DiskId { get; init; }
    public string PlatformDetails { get; init; } = "Linux/UNIX";
    public string UsageOperation { get; init; } = "RunInstances";
    public bool IsWindows { get; init; }
    public string? BootMode { get; init; }
    public string? TpmSupport { get; init; }
    public string? ImdsSupport { get; set; }
    public string? SourceInstanceId { get; init; }
    public string? SourceImageId { get; init; }
    public string? SourceImageRegion { get; init; }

    public ImageState State { get; set; } = ImageState.Pending;
    public StateReason? Reason { get; set; }
    public DateTimeOffset? DeprecatedAt { get; set; }
    public DateTimeOffset? LastLaunchedAt { get; set; }
    public List<LaunchPermission> Permissions { get; } = [];
    public DeregistrationProtection Protection { get; set; } = DeregistrationProtection.Off;
    public DateTimeOffset? ScannedAt { get; set; }
    public IReadOnlyList<ImageFinding> Findings { get; set; } = [];

    /// <summary>Called after something changed that is kept with the image.</summary>
    public Action? Changed { get; set; }

    public bool IsPublic => Permissions.Contains(LaunchPermission.Everybody);
    public string? RootSnapshotId => Devices.FirstOrDefault(device => device.Name == RootDevice)?.SnapshotId;

    public bool IsLaunchableBy(string account) =>
        OwnerId == account || Permissions.Exists(permission => permission == LaunchPermission.Everybody || permission.UserId == account);

    public bool IsDeprecated(DateTimeOffset now) => DeprecatedAt <= now;

    public override void OnTagged() => Changed?.Invoke();
}
