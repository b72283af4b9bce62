using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Skipping;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Scheduling;

/// <summary>
/// Notices that a recipe's base resolves to another image than the one that the image in use was made of, and asks for one bake. Which base was
/// asked for stands in the recipe's own parameter, so any number of workers ask once, and a bake that failed is not asked for again and again.
/// </summary>
public sealed class BaseWatch(
    RecipeSource recipes,
    ICloud cloud,
    ImagesInUse inUse,
    IBakeQueue queue,
    ScheduleOptions options,
    TimeProvider time,
    ILogger<BaseWatch> logger
)
{
    /// <summary>Looks until stopped; returns at once where that is turned off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (options.Parameters.Length > 0 && options.Bases > TimeSpan.Zero)
        {
            try
            {
                await LookAsync(ct);
            }
            catch (Exception exception) when (exception is BakeFailedException or IOException or UnauthorizedAccessException)
            {
                Log.BasesNotSeen(logger, exception.Message);
            }

            await Task.Delay(options.Bases, time, ct);
        }
    }

    /// <summary>Requests what has a new base and was not requested for it yet.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var watched = RecipeCatalog.Load(recipes).Recipes.Where(recipe => recipe.Schedule is { OnBaseChange: true }).ToList();
        var entries = await cloud.Home.Ticks.ReadAsync([.. watched.Select(ParameterOf)], ct);
        foreach (var recipe in watched)
        {
            try
            {
                await LookAsync(recipe, entries.GetValueOrDefault(ParameterOf(recipe)), ct);
            }
            catch (BakeFailedException failure)
            {
                Log.BaseNotSeen(logger, recipe.Name, failure.Message);
            }
        }
    }

    private async Task LookAsync(Recipe recipe, TickEntry? entry, CancellationToken ct)
    {
        var home = cloud.Home;
        var today = (await home.Images.FindBaseAsync(recipe.Base, recipe.Architecture, ct))?.Id.Value;
        // The first bake of a recipe is for its schedule, or for people.
        if (today is null || await inUse.FindAsync(recipe, ct) is not { Image: { } image } || IsOf(image, today))
        {
            return;
        }

        var (now, isKnown) = (time.GetUtcNow(), entry?.Of == today);
        if (isKnown && (entry!.IsSent || now - entry.At < Scheduler.Abandoned))
        {
            return;
        }

        // Whoever takes over a claim asks for the very same bake.
        var noticed = isKnown ? entry!.Tick : now;
        var next = new TickEntry(noticed, now, IsSent: false) { Of = today };
        if (await home.Ticks.TryWriteAsync(ParameterOf(recipe), entry, next, ct) is { } claim)
        {
            await RequestAsync(recipe, today, noticed, ct);
            await home.Ticks.TryWriteAsync(ParameterOf(recipe), claim, claim with { At = time.GetUtcNow(), IsSent = true }, ct);
        }
    }

    // What does not tell its base is left to the schedule, which bakes what it cannot compare.
    private static bool IsOf(Image image, string today) => image.Tags.GetValueOrDefault(ResourceTags.SourceImage, today) == today;

    private string ParameterOf(Recipe recipe) => $"{options.Parameters}/{recipe.Name}/base";

    private async Task RequestAsync(Recipe recipe, string today, DateTimeOffset noticed, CancellationToken ct)
    {
        var request = new BakeRequest
        {
            Recipe = recipe.Name,
            RequestId = $"base-{today}-{noticed.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}",
            Reason = "base changed",
            RequestedBy = "bakeworker",
            IfChanged = true,
        };
        var bake = BakeId.For(request.Recipe, request.RequestId);
        using var span = BakeTrace.Sending(queue.NameOf(Lane.Nightly), bake, recipe.Name);
        var message = new QueuedRequest(BakeRequestWriter.Write(request), recipe.Name, bake.Value)
        {
            Owner = recipe.Owner,
            TraceParent = span?.Id,
            Lane = Lane.Nightly,
            // Many recipes may have one base.
            Delay = FanOut.DelayOf(bake, FanOut.MostSeconds),
        };
        await queue.SendAsync(message, ct);
        Log.BaseChanged(logger, recipe.Name, today, bake.Value);
    }
}
