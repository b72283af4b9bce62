using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes the image usable, step by step in all Regions, with <c>released-at</c> on the home image last of all.</summary>
public sealed class Publish(LastCall lastCall, PublishSteps steps) : IStage<PassedImage, PublishedImage>
{
    public string Name => "publish";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(30);

    public async Task<PublishedImage> RunAsync(BakeRun run, PassedImage passed, CancellationToken ct)
    {
        var home = await lastCall.MakeAsync(run, passed.Image.Image, ct);
        // Every bake goes through the Regions in one order: only so do two at a time notice each other.
        IReadOnlyList<Image> images = [.. passed.Copies.Images.OrderBy(image => image.Region, StringComparer.Ordinal), home];
        // Another attempt may have released it long ago, and a newer bake may have moved on since.
        if (!home.IsReleased)
        {
            foreach (var step in steps.InOrder)
            {
                await step.ApplyAsync(run, images, ct);
            }
        }

        return new PublishedImage(images.ToDictionary(image => image.Region, image => image.Id), run.Bake.Recipe.Publish.Pointer);
    }
}
