using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.Networking;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>A volume of an instance. Here none exists without one, but it may outlive it.</summary>
internal sealed class Volume(string id, BlockDevice device, Zone zone, DateTimeOffset createdAt) : Resource(id, "volume")
{
    public BlockDevice Device { get; } = device;
    public Zone Zone { get; } = zone;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public bool DeleteOnTermination { get; set; } = device.DeleteOnTermination;

    /// <summary>Null once the instance is gone.</summary>
    public Instance? Instance { get; set; }
    public string State => Instance is null ? "available" : "in-use";
}
