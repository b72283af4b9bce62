namespace BakeWorker.LocalCloud.Ec2.Catalogue;

/// <summary>Base images of one kind as their owner publishes them, one for each architecture and date.</summary>
internal sealed record ImageFamily(string Name, string OwnerId, Func<string, DateTimeOffset, string> ImageName)
{
    /// <summary><c>amazon</c> for Amazon's own; everybody else has none.</summary>
    public string? OwnerAlias { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyList<string> Architectures { get; init; } = ["x86_64", "arm64"];
    public string RootDevice { get; init; } = "/dev/xvda";
    public int RootGiB { get; init; } = 8;
    public string VolumeType { get; init; } = "gp3";
    public string PlatformDetails { get; init; } = "Linux/UNIX";
    public string UsageOperation { get; init; } = "RunInstances";
    public bool IsWindows { get; init; }

    /// <summary>Boot mode of the x86_64 images; arm64 is always UEFI.</summary>
    public string? BootMode { get; init; } = "uefi-preferred";
    public string? ImdsSupport { get; init; }

    /// <summary>SSM public parameters that follow the newest image; <c>{0}</c> is EC2's architecture, <c>{1}</c> Debian's word for it.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>What a guest starts from: <c>catalogue:debian-12</c>, or <c>catalogue:debian-12-arm64</c>.</summary>
    public string DiskId(string architecture) => architecture == "x86_64" ? $"catalogue:{Name}" : $"catalogue:{Name}-{architecture}";

    /// <summary>The image id; generation 0 is the newest.</summary>
    public string ImageId(string region, string architecture, int generation) =>
        Ec2Ids.Fixed("ami", region, Name, architecture, $"{generation}");

    /// <summary>The names of the parameters that hold the newest image of this architecture.</summary>
    public IEnumerable<string> ParameterNames(string architecture) =>
        Parameters.Select(format => string.Format(null, format, architecture, DebianArchitecture(architecture)));

    /// <summary>Debian and Ubuntu say amd64 where EC2 says x86_64.</summary>
    public static string DebianArchitecture(string architecture) => architecture == "x86_64" ? "amd64" : architecture;
}
