using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Sweeping;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Retiring;

/// <summary>
/// Takes every released image of a recipe that has had its time, and that provably nobody needs, one step further out. Any answer that is missing
/// keeps the image.
/// </summary>
public sealed class Retirement(
    ICloud cloud,
    SweepOptions sweep,
    ImageNeeds needs,
    RetireStep step,
    BakeMetrics metrics,
    TimeProvider time,
    ILogger<Retirement> logger
)
{
    public async Task<RetireReport> RunAsync(Recipe recipe, bool apply, CancellationToken ct)
    {
        using var span = BakeTelemetry.Source.StartActivity("retire");
        var (places, problems) = (new List<PublishedPlace>(), new List<string>());
        foreach (var region in Regions(recipe))
        {
            await TryAsync(
                problems,
                $"{region.Name} was not looked at",
                async () => places.Add(new PublishedPlace(region, await region.Images.ListAsync(recipe.Name, ct)))
            );
        }

        var judged = RetentionPolicy.Judge(places.SelectMany(place => place.Images), recipe.Retain, time.GetUtcNow());
        NeededBakes? needed = null;
        if (judged.Any(image => image.Keep is null) && problems.Count == 0)
        {
            await TryAsync(
                problems,
                "pointers and launch templates were not read",
                async () => needed = await LookAsync(recipe, places, ct)
            );
        }

        var decisions = new List<RetireDecision>();
        foreach (var (image, keep) in judged)
        {
            var place = places.First(place => place.Region.Name == image.Region);
            var decision = keep is null
                ? await DecideAsync(recipe, place, image, needed, apply, ct)
                : new RetireDecision(image, RetireAction.Keep, keep);
            decisions.Add(apply && decision.Action != RetireAction.Keep ? await TakeAsync(place, decision, ct) : decision);
        }

        return new RetireReport(recipe.Name, decisions, problems);
    }

    // Where the recipe published once, its images are still its own. Home comes last.
    private IEnumerable<IRegion> Regions(Recipe recipe)
    {
        var own = cloud.RegionsOf(recipe);
        return sweep.Regions.Except(own.Select(region => region.Name)).Select(cloud.In).Concat(own);
    }

    private static async Task<NeededBakes> LookAsync(Recipe recipe, List<PublishedPlace> places, CancellationToken ct)
    {
        for (var i = 0; i < places.Count; i++)
        {
            places[i] = await PublishedPlace.LookAsync(places[i].Region, recipe, places[i].Images, ct);
        }

        return await NeededBakes.ReadAsync(recipe, places, ct);
    }

    private async Task<RetireDecision> DecideAsync(
        Recipe recipe,
        PublishedPlace place,
        Image image,
        NeededBakes? needed,
        bool ask,
        CancellationToken ct
    )
    {
        try
        {
            var reason =
                needed is null ? "may be needed: not every Region could be looked at"
                : needed.Find(image) is { } need ? need
                : await needs.FindAsync(recipe, place, image, ask, ct);
            return reason is null ? step.Next(image, recipe.Retain) : new RetireDecision(image, RetireAction.Keep, reason);
        }
        catch (BakeFailedException failure)
        {
            return new RetireDecision(image, RetireAction.Keep, $"may be needed: {failure.Message}");
        }
    }

    private async Task<RetireDecision> TakeAsync(PublishedPlace place, RetireDecision decision, CancellationToken ct)
    {
        var (image, action) = (decision.Image, decision.Action.ToString().ToLowerInvariant());
        try
        {
            await step.TakeAsync(place, decision, ct);
            Log.Retired(logger, image.Id, image.Region, action, decision.Reason);
            metrics.Retired(action, image.Region);
            return decision with { IsDone = true };
        }
        catch (BakeFailedException failure)
        {
            Log.NotRetired(logger, image.Id, image.Region, action, failure.Message);
            return decision with { Failure = failure.Message };
        }
    }

    private static async Task TryAsync(List<string> problems, string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (BakeFailedException failure)
        {
            problems.Add($"{what}: {failure.Message}");
        }
    }
}
