using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>Ends what a bake launched, and, when the bake failed for good, what it made. Never an image that was released.</summary>
public sealed class Release(ICloud cloud, ILogger<Release> logger)
{
    public async Task InstancesAsync(Bake bake, CancellationToken ct)
    {
        foreach (var role in Enum.GetValues<InstanceRole>())
        {
            await TryAsync(
                bake,
                $"the {role} instance",
                async () =>
                {
                    if (await cloud.Home.Instances.FindAsync(bake.Id, role, ct) is { } instance)
                    {
                        await cloud.Home.Instances.RemoveAsync(instance.Id, ct);
                        Log.Removed(logger, bake.Id, instance.Id.Value);
                    }
                }
            );
        }
    }

    public async Task ImagesAsync(Bake bake, CancellationToken ct)
    {
        foreach (var region in bake.Recipe.Publish.Regions.Append(cloud.Home.Name).Distinct())
        {
            await TryAsync(
                bake,
                $"the image in {region}",
                async () =>
                {
                    // Looked up now, not remembered: another attempt may have released it meanwhile.
                    if (await cloud.In(region).Images.FindAsync(bake.Id, ct) is { IsReleased: false } image)
                    {
                        await cloud.In(region).Images.RemoveAsync(image, ct);
                        Log.Removed(logger, bake.Id, $"{image.Id} in {region}");
                    }
                }
            );
        }
    }

    // One thing that cannot be removed must not keep the others alive; what stays carries its deadline tag for the sweep.
    private async Task TryAsync(Bake bake, string resource, Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (BakeFailedException exception)
        {
            Log.LeftBehind(logger, bake.Id, resource, exception.Message);
        }
    }
}
