using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>Keeps evidence whole, where the operator names a folder for it: one folder for each bake and attempt.</summary>
public sealed class EvidenceFolder(BakeryOptions options, ILogger<EvidenceFolder> logger)
{
    /// <summary>Where it lies now; null without a folder, or where it cannot be written.</summary>
    public string? Keep(Bake bake, InstanceId instance, string name, byte[] content)
    {
        if (options.Evidence.Length == 0)
        {
            return null;
        }

        var file = Path.Combine(Path.GetFullPath(options.Evidence), bake.Id.Value, $"attempt-{bake.Attempt}", $"{instance}-{name}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that is being told matters more than its evidence.
            Log.EvidenceNotKept(logger, bake.Id, file, exception.Message);
            return null;
        }
    }
}
