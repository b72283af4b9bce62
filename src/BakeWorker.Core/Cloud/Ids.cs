namespace BakeWorker.Core.Cloud;

/// <summary>An EC2 instance id, <c>i-…</c>.</summary>
public readonly record struct InstanceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>An AMI id, <c>ami-…</c>.</summary>
public readonly record struct ImageId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A snapshot id, <c>snap-…</c>.</summary>
public readonly record struct SnapshotId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>One Run Command invocation: SSM answers for a command only together with its instance.</summary>
public readonly record struct CommandKey(InstanceId Instance, string CommandId)
{
    public override string ToString() => $"{CommandId} on {Instance}";
}

/// <summary>A running or finished on-demand scan of one image.</summary>
public readonly record struct ScanKey(ImageId Image, string ScanId)
{
    public override string ToString() => $"{ScanId} of {Image}";
}
