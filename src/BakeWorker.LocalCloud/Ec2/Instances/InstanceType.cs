using BakeWorker.LocalCloud.Ec2.Networking;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>A type of instance: one size of a family.</summary>
internal sealed record InstanceType(InstanceFamily Family, string Size, int Vcpus, int MemoryMiB)
{
    public string Name => $"{Family.Name}.{Size}";
    public IReadOnlyList<string> Architectures => [Family.Architecture];
    public IReadOnlyList<string> BootModes =>
        Family.IsXen ? ["legacy-bios"]
        : Family.Architecture == "arm64" ? ["uefi"]
        : ["legacy-bios", "uefi"];
    public int ThreadsPerCore => Family.HasThreads && Vcpus > 1 ? 2 : 1;
    public int Cores => Vcpus / ThreadsPerCore;

    /// <summary>A family too young for every zone makes the capacity ladder worth having.</summary>
    public bool IsOfferedIn(Zone zone) => !Family.IsMissingIn.Contains(zone.Letter);
}

/// <summary>What the types of a family have in common.</summary>
internal sealed record InstanceFamily(string Name, string Manufacturer, double ClockGhz)
{
    public string Architecture { get; init; } = "x86_64";
    public bool IsBurstable { get; init; }
    public bool IsXen { get; init; }
    public bool HasThreads { get; init; } = true;
    public bool IsCurrent { get; init; } = true;

    /// <summary>Letters of the zones that do not offer it.</summary>
    public string IsMissingIn { get; init; } = "";
}
