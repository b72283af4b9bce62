using System.Text.Json;
using System.Text.Json.Serialization;
using BakeWorker.LocalCloud.Ec2.Disks;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>A captured image as it is kept on disk, beside the archive that holds its file system.</summary>
internal sealed record ImageManifest
{
    public required string ImageId { get; init; }
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Description { get; init; } = "";
    public string Architecture { get; init; } = "x86_64";
    public string PlatformDetails { get; init; } = "Linux/UNIX";
    public string UsageOperation { get; init; } = "RunInstances";
    public bool IsWindows { get; init; }
    public string? BootMode { get; init; }
    public string? ImdsSupport { get; init; }
    public bool IsDisabled { get; init; }
    public DateTimeOffset? DeprecatedAt { get; init; }
    public string? SourceInstanceId { get; init; }
    public string? SourceImageId { get; init; }
    public string? SourceImageRegion { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<LaunchPermission> SharedWith { get; init; } = [];
    public required string RootDevice { get; init; }
    public required IReadOnlyList<DeviceManifest> Devices { get; init; }

    /// <summary>Where the file system lies; null when the guests keep none.</summary>
    public string? Archive { get; init; }
}

/// <summary>One disk of a kept image, with what is known of its snapshot.</summary>
internal sealed record DeviceManifest(BlockDevice Device, IReadOnlyDictionary<string, string> SnapshotTags);

/// <summary>Reads and writes manifests as people do: indented, camel case, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ImageManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
