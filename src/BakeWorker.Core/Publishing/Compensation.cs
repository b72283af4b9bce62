using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Publishing;

/// <summary>Takes back, step by step in the reverse order, what a publication had changed that will not be completed.</summary>
public sealed class Compensation(ICloud cloud, PublishSteps steps, TimeProvider time, ILogger<Compensation> logger)
{
    /// <summary>
    /// Nothing where publishing had not begun, or was completed. Goes on past what cannot be taken back, and answers that: the images must stay then,
    /// so that the next one who tries knows what was begun.
    /// </summary>
    public async Task<IReadOnlyList<string>> RunAsync(Recipe recipe, BakeId bake, bool hasBegun, CancellationToken ct)
    {
        if (await FindUnfinishedAsync(bake, ct) is not { } home || !(hasBegun || home.MayBeSeen))
        {
            return [];
        }

        var images = new List<Image> { home };
        foreach (var region in cloud.RegionsOf(recipe).Reverse().Skip(1))
        {
            if (await region.Images.FindAsync(bake, ct) is { } copy)
            {
                images.Add(copy);
            }
        }

        await BeginRoundAsync(home, ct);
        var left = new List<string>();
        foreach (var step in steps.InOrder.Reverse())
        {
            foreach (var image in images)
            {
                await TryAsync(step, recipe, image, left, ct);
            }
        }

        Log.Compensated(logger, bake, home.Id, left.Count);
        return left;
    }

    // Whoever completes it after all, should this break off, must not find by its token what is taken back here. Not worth to stop for.
    private async Task BeginRoundAsync(Image home, CancellationToken ct)
    {
        try
        {
            var round = new Dictionary<string, string> { [ResourceTags.Publishing] = ResourceTags.Time(time.GetUtcNow()) };
            await cloud.Home.Images.TagAsync(home.Id, round, ct);
        }
        catch (BakeFailedException failure)
        {
            Log.RoundNotBegun(logger, home.Id, failure.Message);
        }
    }

    // Two different questions, because one answer may be old: nothing is worse than to take back what was completed.
    private async Task<Image?> FindUnfinishedAsync(BakeId bake, CancellationToken ct) =>
        await cloud.Home.Images.FindAsync(bake, ct) is { IsReleased: false } found
        && (await cloud.Home.Images.ReadAsync([found.Id], ct)).TryGetValue(found.Id, out var home)
        && !home.IsReleased
            ? home
            : null;

    private async Task TryAsync(IPublishStep step, Recipe recipe, Image image, List<string> left, CancellationToken ct)
    {
        try
        {
            await step.UndoAsync(recipe, image, ct);
        }
        catch (BakeFailedException failure)
        {
            left.Add($"{image.Region}: {failure.Message}");
        }
    }
}
