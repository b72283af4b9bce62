using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>DescribeInstanceTypes and DescribeInstanceTypeOfferings.</summary>
internal static class DescribeInstanceTypes
{
    private static readonly string[] Markets = ["on-demand", "spot"];

    private static readonly Listing<InstanceType> TypeListing = new(
        "instanceTypeSet",
        new Filters<InstanceType>()
            .On("instance-type", type => type.Name)
            .On("bare-metal", _ => false)
            .On("burstable-performance-supported", type => type.Family.IsBurstable)
            .On("current-generation", type => type.Family.IsCurrent)
            .On("free-tier-eligible", IsFree)
            .On("hypervisor", type => type.Family.IsXen ? "xen" : "nitro")
            .On("instance-storage-supported", _ => false)
            .On("memory-info.size-in-mib", type => $"{type.MemoryMiB}")
            .OnAny("processor-info.supported-architecture", type => type.Architectures)
            .OnAny("supported-boot-mode", type => type.BootModes)
            .OnAny("supported-usage-class", _ => Markets)
            .On("supported-root-device-type", _ => "ebs")
            .On("supported-virtualization-type", _ => "hvm")
            .On("vcpu-info.default-vcpus", type => $"{type.Vcpus}")
            .On("vcpu-info.default-cores", type => $"{type.Cores}"),
        Render
    )
    {
        Paging = new(Max: 100, IdParameter: "InstanceType"),
    };

    private static readonly Listing<(InstanceType Type, string Kind, string Location)> OfferingListing = new(
        "instanceTypeOfferingSet",
        new Filters<(InstanceType Type, string Kind, string Location)>()
            .On("instance-type", offering => offering.Type.Name)
            .On("location", offering => offering.Location),
        offering => [Value("instanceType", offering.Type.Name), Value("locationType", offering.Kind), Value("location", offering.Location)]
    );

    public static IEnumerable<XElement> Types(Ec2Call call)
    {
        var names = call.Input.Strings("InstanceType");
        var unknown = names.Where(name => InstanceTypes.Find(name) is null).ToList();
        return unknown.Count == 0
            ? TypeListing.Of(call.Input, InstanceTypes.All.Where(type => names.Count == 0 || names.Contains(type.Name)))
            : throw new CloudException(
                "InvalidInstanceType",
                $"The following supplied instance types do not exist: [{string.Join(", ", unknown)}]"
            );
    }

    public static IEnumerable<XElement> Offerings(Ec2Call call)
    {
        var kind = call.Input.String("LocationType") ?? "region";
        return OfferingListing.Of(
            call.Input,
            kind switch
            {
                "region" => InstanceTypes.All.Select(type => (type, kind, call.Region.Name)),
                "availability-zone" or "availability-zone-id" => from type in InstanceTypes.All
                from zone in call.Region.Zones
                where type.IsOfferedIn(zone)
                select (type, kind, kind == "availability-zone" ? zone.Name : zone.Id),
                _ => throw Ec2Errors.InvalidValue("LocationType", kind, "Expecting region, availability-zone or availability-zone-id."),
            }
        );
    }

    private static bool IsFree(InstanceType type) => type.Name is "t2.micro" or "t3.micro";

    private static IEnumerable<object?> Render(InstanceType type) =>
        [
            Value("instanceType", type.Name),
            Value("currentGeneration", type.Family.IsCurrent),
            Value("freeTierEligible", IsFree(type)),
            Set("supportedUsageClasses", Markets),
            Set("supportedRootDeviceTypes", ["ebs"]),
            Set("supportedVirtualizationTypes", ["hvm"]),
            Value("bareMetal", value: false),
            Value("hypervisor", type.Family.IsXen ? "xen" : "nitro"),
            Group(
                "processorInfo",
                Set("supportedArchitectures", type.Architectures),
                Value("sustainedClockSpeedInGhz", type.Family.ClockGhz),
                Value("manufacturer", type.Family.Manufacturer)
            ),
            Group(
                "vCpuInfo",
                Value("defaultVCpus", type.Vcpus),
                Value("defaultCores", type.Cores),
                Value("defaultThreadsPerCore", type.ThreadsPerCore)
            ),
            Group("memoryInfo", Value("sizeInMiB", type.MemoryMiB)),
            Value("instanceStorageSupported", value: false),
            Group(
                "ebsInfo",
                Value("ebsOptimizedSupport", type.Family.IsXen ? "unsupported" : "default"),
                Value("encryptionSupport", "supported"),
                Value("nvmeSupport", type.Family.IsXen ? "unsupported" : "required")
            ),
            Group(
                "networkInfo",
                Value("networkPerformance", "Up to 5 Gigabit"),
                Value("maximumNetworkInterfaces", 3),
                Value("maximumNetworkCards", 1),
                Value("defaultNetworkCardIndex", 0),
                Value("ipv4AddressesPerInterface", 12),
                Value("ipv6AddressesPerInterface", 12),
                Value("ipv6Supported", value: true),
                Value("enaSupport", type.Family.IsXen ? "unsupported" : "required"),
                Value("efaSupported", value: false)
            ),
            Value("hibernationSupported", value: false),
            Value("burstablePerformanceSupported", type.Family.IsBurstable),
            Value("dedicatedHostsSupported", value: false),
            Value("autoRecoverySupported", value: true),
            Set("supportedBootModes", type.BootModes),
        ];
}
