using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>The types that exist here: those that one bakes on.</summary>
internal static class InstanceTypes
{
    private static readonly (string Size, int Vcpus, double GiB)[] Burstable =
    [
        ("nano", 2, 0.5),
        ("micro", 2, 1),
        ("small", 2, 2),
        ("medium", 2, 4),
        ("large", 2, 8),
        ("xlarge", 4, 16),
        ("2xlarge", 8, 32),
    ];

    private static readonly (string Size, int Vcpus)[] Fixed = [("large", 2), ("xlarge", 4), ("2xlarge", 8), ("4xlarge", 16)];

    public static IReadOnlyList<InstanceType> All { get; } =
    [
        new(Xen("t2"), "micro", 1, 1024),
        new(Xen("t2"), "small", 1, 2048),
        new(Xen("t2"), "medium", 2, 4096),
        .. Bursting(Intel("t3", 2.5)),
        .. Bursting(Amd("t3a", 2.2)),
        .. Bursting(Arm("t4g", 2.5)),
        .. Steady(Intel("m5", 3.1), 4),
        .. Steady(Amd("m5a", 2.5), 4),
        .. Steady(Intel("m6i", 3.5), 4),
        .. Steady(Amd("m6a", 3.6), 4),
        .. Steady(Arm("m6g", 2.5), 4),
        .. Steady(Intel("m7i", 3.2) with { IsMissingIn = "c" }, 4),
        .. Steady(Arm("m7g", 2.6) with { IsMissingIn = "c" }, 4),
        .. Steady(Intel("c5", 3.4), 2),
        .. Steady(Intel("c6i", 3.5), 2),
        .. Steady(Amd("c6a", 3.6), 2),
        .. Steady(Arm("c6g", 2.5), 2),
        .. Steady(Intel("c7i", 3.2) with { IsMissingIn = "c" }, 2),
        .. Steady(Arm("c7g", 2.6), 2),
        .. Steady(Intel("r6i", 3.5), 8),
        .. Steady(Arm("r6g", 2.5), 8),
    ];

    public static InstanceType? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    public static InstanceType Get(string name) =>
        Find(name) ?? throw new CloudException("InvalidParameterValue", $"Invalid value '{name}' for InstanceType.");

    private static IEnumerable<InstanceType> Bursting(InstanceFamily family) =>
        Burstable.Select(size => new InstanceType(family with { IsBurstable = true }, size.Size, size.Vcpus, (int)(size.GiB * 1024)));

    private static IEnumerable<InstanceType> Steady(InstanceFamily family, int gibPerVcpu) =>
        Fixed.Select(size => new InstanceType(family, size.Size, size.Vcpus, size.Vcpus * gibPerVcpu * 1024));

    private static InstanceFamily Intel(string name, double ghz) => new(name, "Intel", ghz);

    private static InstanceFamily Amd(string name, double ghz) => new(name, "AMD", ghz);

    private static InstanceFamily Arm(string name, double ghz) => new(name, "AWS", ghz) { Architecture = "arm64", HasThreads = false };

    private static InstanceFamily Xen(string name) =>
        Intel(name, 2.5) with
        {
            IsXen = true,
            IsBurstable = true,
            IsCurrent = false,
            HasThreads = false,
        };
}
