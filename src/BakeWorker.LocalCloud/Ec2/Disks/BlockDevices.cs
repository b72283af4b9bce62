using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>Reads <c>BlockDeviceMapping.N</c> over what an image has already.</summary>
internal static class BlockDevices
{
    private const int MaxGiB = 65536;
    private static readonly string[] Types = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"];

    /// <summary>The disks with the call's changes: a known device is changed, a new one added, <c>NoDevice</c> drops it.</summary>
    public static List<BlockDevice> Merge(Ec2Call call, QueryInput input, IEnumerable<BlockDevice> present)
    {
        var devices = present.ToList();
        foreach (var mapping in input.Structures("BlockDeviceMapping"))
        {
            var name = mapping.Required("DeviceName");
            var index = devices.FindIndex(device => device.Name == name);
            if (mapping.Has("NoDevice"))
            {
                devices.RemoveAll(device => device.Name == name);
            }
            else if (mapping.Has("VirtualName"))
            {
                // Instance store: none of the types here has any, and EC2 ignores the mapping then.
            }
            else if (index >= 0)
            {
                devices[index] = Change(call, devices[index], mapping.Structure("Ebs"));
            }
            else
            {
                devices.Add(Change(call, New(call, name, mapping.Structure("Ebs")), mapping.Structure("Ebs")));
            }
        }

        return devices;
    }

    /// <summary>The same for volumes: a Region may encrypt what nobody asked it to.</summary>
    public static List<BlockDevice> ForLaunch(Ec2Call call, QueryInput input, IEnumerable<BlockDevice> present)
    {
        var (devices, keys) = (Merge(call, input, present), call.Account.Keys);
        var key = keys.In(call.Region.Name).EncryptsByDefault ? keys.ResolveForDisk(call.Region.Name, null) : null;
        return key is null
            ? devices
            : devices.ConvertAll(device => device.IsEncrypted ? device : device with { IsEncrypted = true, KmsKeyId = key });
    }

    private static BlockDevice New(Ec2Call call, string name, QueryInput ebs)
    {
        var snapshot = ebs.String("SnapshotId") is { } id ? call.Region.Snapshots.Get(id) : null;
        if (snapshot is null && ebs.Int("VolumeSize") is null)
        {
            throw new CloudException("MissingParameter", "The request must contain the parameter size or snapshotId");
        }

        return new BlockDevice(name)
        {
            SnapshotId = snapshot?.Id,
            SizeGiB = snapshot?.SizeGiB ?? 0,
            IsEncrypted = snapshot?.IsEncrypted ?? false,
            KmsKeyId = snapshot?.KmsKeyId,
        };
    }

    private static BlockDevice Change(Ec2Call call, BlockDevice device, QueryInput ebs)
    {
        var size = ebs.Int("VolumeSize") ?? device.SizeGiB;
        if (size < device.SizeGiB)
        {
            throw new CloudException(
                "InvalidBlockDeviceMapping",
                $"Volume of size {size}GB is smaller than snapshot '{device.SnapshotId}', expect size>= {device.SizeGiB}GB"
            );
        }

        if (size is < 1 or > MaxGiB)
        {
            throw Ec2Errors.InvalidValue($"Volume of {size} GiB is invalid; it must be between 1 and {MaxGiB} GiB.");
        }

        var type = ebs.String("VolumeType") ?? device.VolumeType;
        if (!Types.Contains(type))
        {
            throw Ec2Errors.InvalidValue($"Value ({type}) for parameter VolumeType is invalid. Unknown volume type.");
        }

        return Encrypt(call, device, ebs) with
        {
            SizeGiB = size,
            VolumeType = type,
            Iops = ebs.Int("Iops") ?? device.Iops,
            Throughput = ebs.Int("Throughput") ?? device.Throughput,
            DeleteOnTermination = ebs.Has("DeleteOnTermination") ? ebs.Bool("DeleteOnTermination") : device.DeleteOnTermination,
        };
    }

    private static BlockDevice Encrypt(Ec2Call call, BlockDevice device, QueryInput ebs)
    {
        var key = ebs.String("KmsKeyId");
        if (key is not null && !ebs.Bool("Encrypted"))
        {
            throw new CloudException("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.");
        }

        return ebs.Bool("Encrypted")
            ? device with
            {
                IsEncrypted = true,
                KmsKeyId = call.Account.Keys.ResolveForDisk(call.Region.Name, key ?? device.KmsKeyId),
            }
            : device;
    }
}
