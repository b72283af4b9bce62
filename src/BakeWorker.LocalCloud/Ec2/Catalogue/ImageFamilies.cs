using static BakeWorker.LocalCloud.Ec2.Catalogue.ImageFamily;

namespace BakeWorker.LocalCloud.Ec2.Catalogue;

/// <summary>The base images that exist in every Region, with the owners and names that AWS shows.</summary>
internal static class ImageFamilies
{
    private const string AmazonLinuxOwner = "137112412989";
    private const string WindowsOwner = "801119661308";

    public static IReadOnlyList<ImageFamily> All { get; } =
    [
        Debian(12, "bookworm"),
        Debian(13, "trixie"),
        Ubuntu("22.04", "jammy", "gp2", "hvm-ssd"),
        Ubuntu("24.04", "noble", "gp3", "hvm-ssd-gp3"),
        AmazonLinux("al2023", "al2023-ami"),
        AmazonLinux("al2023-minimal", "al2023-ami-minimal"),
        new("rhel-9", "309956199498", (arch, date) => $"RHEL-9.6.0_HVM-{date:yyyyMMdd}-{arch}-0-Hourly2-GP3")
        {
            Description = "Provided by Red Hat, Inc.",
            RootDevice = "/dev/sda1",
            RootGiB = 10,
            PlatformDetails = "Red Hat Enterprise Linux",
            UsageOperation = "RunInstances:0010",
        },
        Windows("windows-2022", "2022", "Full", bootMode: null),
        Windows("windows-2022-core", "2022", "Core", bootMode: null),
        Windows("windows-2025", "2025", "Full", "uefi"),
        Windows("windows-2025-core", "2025", "Core", "uefi"),
    ];

    private static ImageFamily Debian(int version, string codename) =>
        new(
            $"debian-{version}",
            "136693071363",
            (arch, date) => $"debian-{version}-{DebianArchitecture(arch)}-{date:yyyyMMdd}-{Build(date)}"
        )
        {
            Description = $"Debian {version} ({codename})",
            ImdsSupport = version >= 13 ? "v2.0" : null,
            Parameters = [$"/aws/service/debian/release/{version}/latest/{{1}}", $"/aws/service/debian/release/{codename}/latest/{{1}}"],
        };

    private static ImageFamily Ubuntu(string version, string codename, string volumeType, string folder) =>
        new(
            $"ubuntu-{version}",
            "099720109477",
            (arch, date) => $"ubuntu/images/{folder}/ubuntu-{codename}-{version}-{DebianArchitecture(arch)}-server-{date:yyyyMMdd}"
        )
        {
            Description = $"Canonical, Ubuntu, {version} LTS",
            RootDevice = "/dev/sda1",
            VolumeType = volumeType,
            Parameters = [$"/aws/service/canonical/ubuntu/server/{version}/stable/current/{{1}}/hvm/ebs-{volumeType}/ami-id"],
        };

    private static ImageFamily AmazonLinux(string name, string prefix) =>
        new(name, AmazonLinuxOwner, (arch, date) => $"{prefix}-2023.{Quarter(date)}.{date:yyyyMMdd}.0-kernel-6.1-{arch}")
        {
            OwnerAlias = "amazon",
            Description = "Amazon Linux 2023 AMI HVM kernel-6.1",
            RootGiB = name.EndsWith("minimal", StringComparison.Ordinal) ? 2 : 8,
            ImdsSupport = "v2.0",
            Parameters =
            [
                $"/aws/service/ami-amazon-linux-latest/{prefix}-kernel-default-{{0}}",
                $"/aws/service/ami-amazon-linux-latest/{prefix}-kernel-6.1-{{0}}",
            ],
        };

    private static ImageFamily Windows(string name, string version, string edition, string? bootMode) =>
        new(name, WindowsOwner, (_, date) => $"Windows_Server-{version}-English-{edition}-Base-{date:yyyy.MM.dd}")
        {
            OwnerAlias = "amazon",
            Description = $"Microsoft Windows Server {version} {edition} Locale English AMI provided by Amazon",
            Architectures = ["x86_64"],
            RootDevice = "/dev/sda1",
            RootGiB = 30,
            PlatformDetails = "Windows",
            UsageOperation = "RunInstances:0002",
            IsWindows = true,
            BootMode = bootMode,
            Parameters = [$"/aws/service/ami-windows-latest/Windows_Server-{version}-English-{edition}-Base"],
        };

    /// <summary>Debian numbers its daily builds.</summary>
    private static int Build(DateTimeOffset date) => 1948 + (int)(date - new DateTimeOffset(2024, 12, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays;

    /// <summary>Amazon Linux counts quarterly releases: 2023.7 was the second quarter of 2025.</summary>
    private static int Quarter(DateTimeOffset date) => ((date.Year - 2025) * 4) + ((date.Month - 1) / 3) + 6;
}
