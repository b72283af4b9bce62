using BakeWorker.Core.Cloud;
using Ec2Instance = Amazon.EC2.Model.Instance;

namespace BakeWorker.Aws.Ec2;

/// <summary>EC2's instances in the domain's words.</summary>
internal static class InstanceViews
{
    public static Instance From(Ec2Instance instance) =>
        new(new InstanceId(instance.InstanceId), State(instance.State?.Name?.Value))
        {
            Reason = instance.StateReason?.Code,
            ReasonMessage = instance.StateReason?.Message,
            Image = new ImageId(instance.ImageId ?? ""),
            Type = instance.InstanceType?.Value,
            Subnet = instance.SubnetId,
            IsSpot = instance.InstanceLifecycle?.Value == "spot",
            LaunchedAt = instance.LaunchTime is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null,
            Tags = Ec2Tags.ToDictionary(instance.Tags),
        };

    private static InstanceState State(string? name) =>
        name switch
        {
            "pending" => InstanceState.Pending,
            "running" => InstanceState.Running,
            "shutting-down" => InstanceState.ShuttingDown,
            "terminated" => InstanceState.Terminated,
            "stopping" => InstanceState.Stopping,
            "stopped" => InstanceState.Stopped,
            _ => InstanceState.Unknown,
        };
}
