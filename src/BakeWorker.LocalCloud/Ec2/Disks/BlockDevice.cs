using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>One disk of an image or of a launch.</summary>
internal sealed record BlockDevice(string Name)
{
    public string? SnapshotId { get; init; }
    public int SizeGiB { get; init; } = 8;
    public string VolumeType { get; init; } = "gp3";
    public int? Iops { get; init; }
    public int? Throughput { get; init; }
    public bool DeleteOnTermination { get; init; } = true;
    public bool IsEncrypted { get; init; }

    /// <summary>The key's ARN; set exactly when encrypted.</summary>
    public string? KmsKeyId { get; init; }

    public IEnumerable<object?> Render() =>
        [
            Value("deviceName", Name),
            Group(
                "ebs",
                Value("snapshotId", SnapshotId),
                Value("volumeSize", SizeGiB),
                Value("volumeType", VolumeType),
                Value("iops", Iops),
                Value("throughput", Throughput),
                Value("deleteOnTermination", DeleteOnTermination),
                Value("encrypted", IsEncrypted),
                Value("kmsKeyId", KmsKeyId)
            ),
        ];
}
