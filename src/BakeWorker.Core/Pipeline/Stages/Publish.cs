using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Publishing;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes the image usable, step by step in all Regions, with <c>released-at</c> on the home image last of all.</summary>
public sealed class Publish(ICloud cloud, LastCall lastCall, PublishSteps steps, OperatorPolicy policy, TimeProvider time)
    : IStage<PassedImage, PublishedImage>
{
    public string Name => "publish";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(30);

    public async Task<PublishedImage> RunAsync(BakeRun run, PassedImage passed, CancellationToken ct)
    {
        // A verdict outlives the worker that gave it, and the operator may have thought better of it since: whom it shares with, above all.
        if (RecipePolicy.Judge(run.Bake.Recipe, policy, cloud.Home.Name, time.GetUtcNow()) is { Count: > 0 } breaches)
        {
            throw Failures.PolicyRefused(run.Bake.Recipe.Name, breaches);
        }

        var home = await lastCall.MakeAsync(run, passed.Image.Image, ct);
        // Every bake goes through the Regions in one order: only so do two at a time notice each other.
        IReadOnlyList<Image> images = [.. passed.Copies.Images.OrderBy(image => image.Region, StringComparer.Ordinal), home];
        foreach (var step in home.IsReleased ? [] : steps.InOrder)
        {
            if (step == steps.FirstToMove && await WasReleasedAsync(run.Bake, ct))
            {
                break;
            }

            await step.ApplyAsync(run, images, ct);
        }

        return new PublishedImage(images.ToDictionary(image => image.Region, image => image.Id), run.Bake.Recipe.Publish.Pointer);
    }

    // Another attempt may have released it meanwhile, and a newer bake may have moved on since: nothing is moved back.
    private async Task<bool> WasReleasedAsync(Bake bake, CancellationToken ct) =>
        bake.Recipe.Publish is { Pointer: not null } or { LaunchTemplate: not null }
        && await cloud.Home.Images.FindAsync(bake.Id, ct) is { IsReleased: true };
}
