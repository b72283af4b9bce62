using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>A RunInstances call that was found to be in order.</summary>
internal sealed record LaunchRequest
{
    public required Image Image { get; init; }
    public required InstanceType Type { get; init; }
    public required Subnet Subnet { get; init; }
    public required IReadOnlyList<SecurityGroup> Groups { get; init; }
    public required IReadOnlyList<BlockDevice> Devices { get; init; }
    public required MetadataOptions Metadata { get; init; }
    public required TagSpecifications Tags { get; init; }
    public required int MinCount { get; init; }
    public required int MaxCount { get; init; }
    public bool IsSpot { get; init; }
    public PoolOf Pool => new(Type.Name, Subnet.Id, IsSpot);

    /// <summary>A persistent Spot request's instance can be stopped; a one-time one's cannot.</summary>
    public bool IsPersistentSpot { get; init; }

    /// <summary>Until when a Spot request launches; null for as long as nobody cancels it.</summary>
    public DateTimeOffset? SpotValidUntil { get; init; }

    /// <summary>The Spot request that launches once more; null for a new one.</summary>
    public string? SpotRequestId { get; init; }

    /// <summary>As it came: base64.</summary>
    public string UserData { get; init; } = "";

    /// <summary>As the guest gets it.</summary>
    public string DecodedUserData { get; init; } = "";
    public string? KeyName { get; init; }
    public string? InstanceProfileArn { get; init; }
    public bool HasPublicIp { get; init; }
    public string? PrivateIp { get; init; }
    public string ShutdownBehavior { get; init; } = "stop";
    public bool IsTerminationDisabled { get; init; }
    public bool IsMonitored { get; init; }
    public bool IsEbsOptimized { get; init; }
    public string ClientToken { get; init; } = "";
}
