namespace BakeWorker.LocalCloud.Guests;

/// <summary>EC2's instances as the other services see them. Read under the account's gate.</summary>
public interface IMachines
{
    Machine? Find(string region, string instanceId);

    IEnumerable<Machine> List(string region);

    MachineImage? FindImage(string region, string imageId);

    /// <summary>Restarts the guest, as the SSM agent does for exit code 194; the machine's <see cref="Machine.BootedAt"/> is null until it is back.</summary>
    void Reboot(string region, string instanceId);

    /// <summary>Stores what a scan found, for GetImageFindings and DescribeImages' scanResults.</summary>
    void SetImageFindings(string region, string imageId, DateTimeOffset scannedAt, IReadOnlyList<ImageFinding> findings);
}

/// <summary>An instance with its guest.</summary>
public sealed class Machine(string instanceId, string region, string imageId, DateTimeOffset launchedAt, IGuest guest)
{
    public string InstanceId { get; } = instanceId;
    public string Region { get; } = region;
    public string ImageId { get; } = imageId;
    public DateTimeOffset LaunchedAt { get; } = launchedAt;
    public IGuest Guest { get; } = guest;
    public bool IsRunning { get; set; }
    public bool IsGone { get; set; }

    /// <summary>When the guest last came up; null while it boots, restarts or is off.</summary>
    public DateTimeOffset? BootedAt { get; set; }

    /// <summary>A time since its last boot in which its agent is out of reach; null for none.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? AgentAway { get; set; }
    public bool HasInstanceProfile { get; set; }
    public bool IsWindows { get; set; }
    public string? PrivateIp { get; set; }
    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();
}

/// <summary>An image as a scan needs it.</summary>
public sealed record MachineImage(string ImageId, string OwnerId, string State, string DiskId, string RootSnapshotId);

/// <summary>One vulnerability of an image, as EC2 GetImageFindings shows it. Severity in lower case.</summary>
public sealed record ImageFinding(string Title, string Severity, double Score, bool FixAvailable, DateTimeOffset FirstObservedAt);
