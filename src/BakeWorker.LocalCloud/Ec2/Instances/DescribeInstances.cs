using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>DescribeInstances: pages count instances, the answer groups them by the call that made them.</summary>
internal static class DescribeInstances
{
    private static readonly Paging Paging = new(IdParameter: "InstanceId");

    private static readonly Filters<Instance> Filters = new Filters<Instance>()
        .On("instance-id", instance => instance.Id)
        .On("instance-state-name", instance => instance.State.Word())
        .On("instance-state-code", instance => $"{(int)instance.State}")
        .On("instance-type", instance => instance.InstanceType)
        .On("instance-lifecycle", instance => instance.Launch.IsSpot ? "spot" : null)
        .On("image-id", instance => instance.Image.Id)
        .On("architecture", instance => instance.Image.Architecture)
        .On("platform", instance => instance.Image.IsWindows ? "windows" : null)
        .On("platform-details", instance => instance.Image.PlatformDetails)
        .On("availability-zone", instance => instance.Subnet.Zone.Name)
        .On("availability-zone-id", instance => instance.Subnet.Zone.Id)
        .On("subnet-id", instance => InNetwork(instance, instance.Subnet.Id))
        .On("vpc-id", instance => InNetwork(instance, instance.Subnet.Vpc.Id))
        .On("private-ip-address", instance => InNetwork(instance, instance.Card.PrivateIp))
        .On("network-interface.private-ip-address", instance => InNetwork(instance, instance.Card.PrivateIp))
        .On("private-dns-name", instance => InNetwork(instance, instance.Card.PrivateDns))
        .On("ip-address", instance => instance.PublicIp)
        .On("dns-name", instance => instance.PublicDns)
        .On("network-interface.network-interface-id", instance => InNetwork(instance, instance.Card.Id))
        .OnAny("instance.group-id", instance => instance.Card.Groups.Select(group => group.Id))
        .OnAny("instance.group-name", instance => instance.Card.Groups.Select(group => group.Name))
        .OnAny("network-interface.group-id", instance => instance.Card.Groups.Select(group => group.Id))
        .OnAny("block-device-mapping.volume-id", instance => instance.Volumes.Select(volume => volume.Id))
        .OnAny("block-device-mapping.device-name", instance => instance.Volumes.Select(volume => volume.Device.Name))
        .On("client-token", instance => instance.Launch.ClientToken)
        .On("iam-instance-profile.arn", instance => instance.Launch.InstanceProfileArn)
        .On("key-name", instance => instance.Launch.KeyName)
        .On("launch-index", instance => $"{instance.LaunchIndex}")
        .On("launch-time", instance => instance.LaunchedAt)
        .On("metadata-options.http-tokens", instance => instance.Metadata.HttpTokens)
        .On("monitoring-state", instance => instance.Launch.IsMonitored ? "enabled" : "disabled")
        .On("reservation-id", instance => instance.Reservation.Id)
        .On("root-device-name", instance => instance.Image.RootDevice)
        .On("root-device-type", _ => "ebs")
        .On("spot-instance-request-id", instance => instance.SpotRequestId)
        .On("state-reason-code", instance => instance.Reason?.Code)
        .On("reason", instance => instance.Transition)
        .On("tenancy", _ => "default")
        .On("virtualization-type", _ => "hvm");

    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var matches = Filters.Read(call.Input);
        var page = Paging.Cut(call.Input, InstanceActions.Visible(call).Where(matches));
        return Of(
            Set("reservationSet", page.Items.GroupBy(instance => instance.Reservation), group => Render(call, group.Key, group)),
            Value("nextToken", page.NextToken)
        );
    }

    private static IEnumerable<object?> Render(Ec2Call call, Reservation reservation, IEnumerable<Instance> instances) =>
        [
            Value("reservationId", reservation.Id),
            Value("ownerId", call.OwnerId),
            Group("groupSet"),
            Set("instancesSet", instances, instance => InstanceXml.Of(call, instance)),
        ];

    private static string? InNetwork(Instance instance, string value) => instance.State == InstanceState.Terminated ? null : value;
}
