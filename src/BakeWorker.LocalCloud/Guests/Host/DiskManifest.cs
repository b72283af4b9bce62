using System.Text.Json;
using System.Text.Json.Serialization;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>What lies beside a captured disk, for people and for later boots.</summary>
internal sealed record DiskManifest(string Disk, string CapturedFrom, string Instance, bool HasAgent, DateTimeOffset CapturedAt, long Bytes)
{
    public static DiskManifest? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), DiskManifestJson.Default.DiskManifest) : null;

    public void Write(string path)
    {
        var partial = path + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(this, DiskManifestJson.Default.DiskManifest) + "\n");
        File.Move(partial, path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DiskManifest))]
internal sealed partial class DiskManifestJson : JsonSerializerContext;
