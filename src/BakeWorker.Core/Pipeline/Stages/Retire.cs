using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>
/// Takes predecessors beyond the retention policy one step further each time: deprecated, then disabled, then deregistered. What is in use or
/// pointed at stays; what cannot be known to be unused stays too.
/// </summary>
public sealed class Retire(ICloud cloud, TimeProvider time, ILogger<Retire> logger) : IStage<PublishedImage, PublishedImage>
{
    public string Name => "retire";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<PublishedImage> RunAsync(BakeRun run, PublishedImage published, CancellationToken ct)
    {
        try
        {
            foreach (var region in published.Images.Keys)
            {
                await RetireAsync(run.Bake, cloud.In(region), published.Images[region], ct);
            }
        }
        catch (BakeFailedException exception)
        {
            // The image is out: an old one that stays a day longer must not turn that into a failure.
            Log.RetireFailed(logger, run.Bake.Id, exception.Message);
        }

        return published;
    }

    private async Task RetireAsync(Bake bake, IRegion region, ImageId current, CancellationToken ct)
    {
        var images = await region.Images.ListAsync(bake.Recipe.Name, ct);
        var expired = RetentionPolicy.Expired(images, bake.Recipe.Retain, time.GetUtcNow()).Where(image => image.Id != current).ToList();
        if (expired.Count == 0)
        {
            return;
        }

        var references = await region.Images.ReadReferencesAsync([.. expired.Select(image => image.Id)], ct);
        foreach (var image in expired.Where(image => references.TryGetValue(image.Id, out var users) && users.Count == 0))
        {
            Log.Retired(logger, bake.Id, image.Id, region.Name, await StepAsync(region, image, ct));
        }
    }

    private async Task<string> StepAsync(IRegion region, Image image, CancellationToken ct)
    {
        if (image.State == ImageState.Disabled)
        {
            await region.Images.RemoveAsync(image, ct);
            return "deregistered";
        }

        if (image.DeprecatedAt <= time.GetUtcNow())
        {
            await region.Images.EnsureDisabledAsync(image.Id, ct);
            return "disabled";
        }

        // EC2 rounds to the minute and refuses the past.
        await region.Images.EnsureDeprecationAsync(image.Id, time.GetUtcNow() + TimeSpan.FromMinutes(2), ct);
        return "deprecated";
    }
}
