using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Networking;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>An instance as RunInstances and DescribeInstances show it.</summary>
internal static class InstanceXml
{
    public static IEnumerable<object?> Of(Ec2Call call, Instance instance) =>
        [.. Identity(instance), .. Network(call, instance), .. Machine(instance), Tags(instance)];

    public static XElement State(string name, InstanceState state) => Group(name, Value("code", (int)state), Value("name", state.Word()));

    public static IEnumerable<object?> Device(Disks.Volume volume) =>
        [
            Value("deviceName", volume.Device.Name),
            Group(
                "ebs",
                Value("volumeId", volume.Id),
                Value("status", "attached"),
                Value("attachTime", volume.CreatedAt),
                Value("deleteOnTermination", volume.DeleteOnTermination)
            ),
        ];

    private static XElement?[] Identity(Instance instance) =>
        [
            Value("instanceId", instance.Id),
            Value("imageId", instance.Image.Id),
            State("instanceState", instance.State),
            Value("reason", instance.Transition),
            Reason(instance.Reason),
            Value("keyName", instance.Launch.KeyName),
            Value("amiLaunchIndex", instance.LaunchIndex),
            Group("productCodes"),
            Value("instanceType", instance.InstanceType),
            Value("launchTime", instance.LaunchedAt),
            Value("clientToken", instance.Launch.ClientToken),
            Value("instanceLifecycle", instance.Launch.IsSpot ? "spot" : null),
            Value("spotInstanceRequestId", instance.SpotRequestId),
        ];

    /// <summary>A terminated instance has no place in the network any more.</summary>
    private static XElement?[] Network(Ec2Call call, Instance instance)
    {
        var card = instance.Card;
        var isGone = instance.State == InstanceState.Terminated;
        return
        [
            Group(
                "placement",
                Value("availabilityZone", instance.Subnet.Zone.Name),
                Value("availabilityZoneId", instance.Subnet.Zone.Id),
                Value("groupName", ""),
                Value("tenancy", "default")
            ),
            Value("privateDnsName", isGone ? "" : card.PrivateDns),
            Value("dnsName", isGone ? "" : instance.PublicDns),
            isGone ? null : Value("privateIpAddress", card.PrivateIp),
            isGone ? null : Value("ipAddress", instance.PublicIp),
            isGone ? null : Value("subnetId", instance.Subnet.Id),
            isGone ? null : Value("vpcId", instance.Subnet.Vpc.Id),
            isGone ? Group("groupSet") : DescribeInterfaces.Groups(card.Groups),
            Set<NetworkInterface>("networkInterfaceSet", isGone ? [] : [card], card => DescribeInterfaces.InInstance(card, call.OwnerId)),
            Value("sourceDestCheck", value: true),
        ];
    }

    private static XElement?[] Machine(Instance instance)
    {
        var image = instance.Image;
        var type = instance.Launch.Type;
        return
        [
            Value("architecture", image.Architecture),
            Value("platform", image.IsWindows ? "windows" : null),
            Value("platformDetails", image.PlatformDetails),
            Value("usageOperation", image.UsageOperation),
            Value("usageOperationUpdateTime", instance.Machine.LaunchedAt),
            Value("rootDeviceType", "ebs"),
            Value("rootDeviceName", image.RootDevice),
            Set("blockDeviceMapping", instance.Volumes, Device),
            Value("virtualizationType", "hvm"),
            Value("hypervisor", "xen"),
            Value("enaSupport", value: true),
            Value("ebsOptimized", instance.Launch.IsEbsOptimized),
            Value("bootMode", image.BootMode),
            Value("currentInstanceBootMode", image.BootMode is "uefi" or "uefi-preferred" ? "uefi" : "legacy-bios"),
            Group("monitoring", Value("state", instance.Launch.IsMonitored ? "enabled" : "disabled")),
            instance.Launch.InstanceProfileArn is { } profile
                ? Group("iamInstanceProfile", Value("arn", profile), Value("id", Ec2Ids.Fixed("AIPA", profile)[5..]))
                : null,
            Group("cpuOptions", Value("coreCount", type.Cores), Value("threadsPerCore", type.ThreadsPerCore)),
            Group("capacityReservationSpecification", Value("capacityReservationPreference", "open")),
            Group("hibernationOptions", Value("configured", value: false)),
            Group("enclaveOptions", Value("enabled", value: false)),
            Group("maintenanceOptions", Value("autoRecovery", "default")),
            Group(
                "privateDnsNameOptions",
                Value("hostnameType", "ip-name"),
                Value("enableResourceNameDnsARecord", value: false),
                Value("enableResourceNameDnsAAAARecord", value: false)
            ),
            instance.Metadata.Render(),
        ];
    }
}
