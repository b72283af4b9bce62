using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Publishing;

/// <summary>
/// Moves pointers and default launch template versions back to an earlier image, in every Region of the recipe. Everything is looked at before
/// anything is changed; what could not be moved then is told, and the same command completes it.
/// </summary>
public sealed class Rollback(
    ICloud cloud,
    AddTemplateVersions versions,
    PointerMoves pointers,
    SwitchTemplates defaults,
    TimeProvider time,
    ILogger<Rollback> logger
)
{
    /// <param name="recipe">A recipe that publishes a pointer or a launch template.</param>
    /// <param name="to">An image of the bake to go to, in any Region; null for the newest good one before the current one.</param>
    /// <exception cref="BakeFailedException">There is nothing to go back to, or it must not be used; nothing was changed.</exception>
    public async Task<RollbackReport> RunAsync(Recipe recipe, ImageId? to, CancellationToken ct)
    {
        using var span = BakeTelemetry.Source.StartActivity("rollback");
        var places = new List<PublishedPlace>();
        foreach (var region in cloud.RegionsOf(recipe))
        {
            places.Add(await PublishedPlace.LookAsync(region, recipe, await region.Images.ListAsync(recipe.Name, ct), ct));
        }

        var target = to is { } image ? RollbackChoice.Named(recipe, places, image) : RollbackChoice.Newest(recipe, places);
        await MarkAsync(places, target, ct);
        var moves = new List<RollbackMove>();
        foreach (var place in places)
        {
            moves.Add(await MoveAsync(recipe, place, place.ImageOf(target)!, ct));
        }

        return new RollbackReport(recipe.Name, target, moves);
    }

    // First of all: a rollback that breaks off, and the next one after a newer bake, must know which images are not good.
    private async Task MarkAsync(IReadOnlyList<PublishedPlace> places, string target, CancellationToken ct)
    {
        var left = RollbackChoice.Left(places, target);
        var now = new Dictionary<string, string> { [ResourceTags.WithdrawnAt] = ResourceTags.Time(time.GetUtcNow()) };
        foreach (var bake in left)
        {
            foreach (var place in places.Where(place => place.ImageOf(bake) is { IsWithdrawn: false }))
            {
                await place.Region.Images.TagAsync(place.ImageOf(bake)!.Id, now, ct);
            }
        }

        foreach (var place in places.Where(place => place.ImageOf(target) is { IsWithdrawn: true }))
        {
            await place.Region.Images.UntagAsync(place.ImageOf(target)!.Id, ResourceTags.WithdrawnAt, ct);
        }
    }

    // One Region that cannot be moved is no reason to leave the others on a bad image.
    private async Task<RollbackMove> MoveAsync(Recipe recipe, PublishedPlace place, Image image, CancellationToken ct)
    {
        var move = new RollbackMove(place.Region.Name, image.Id) { Before = place.Pointed ?? place.Launched };
        try
        {
            move = move with { Pointer = await MovePointerAsync(recipe, place, image, ct) };
            move = move with { TemplateVersion = await SwitchAsync(recipe, place, image, ct) };
        }
        catch (BakeFailedException failure)
        {
            move = move with { Failure = failure.Message };
        }

        Log.RolledBack(logger, recipe.Name, image.Id.Value, place.Region.Name, move.Action);
        return move;
    }

    private async Task<long?> MovePointerAsync(Recipe recipe, PublishedPlace place, Image image, CancellationToken ct) =>
        recipe.Publish.Pointer is { } pointer && place.Pointed != image.Id
            ? await pointers.WriteAsync(place.Region.Name, pointer, image.Id, $"bakeworker rolled back from {place.Pointed}", ct)
            : null;

    private async Task<long?> SwitchAsync(Recipe recipe, PublishedPlace place, Image image, CancellationToken ct)
    {
        if (recipe.Publish.LaunchTemplate is not { } name || place.Launched == image.Id)
        {
            return null;
        }

        var version = await versions.EnsureAsync(recipe, image, "rollback", ResourceTags.Time(time.GetUtcNow()), ct);
        await defaults.SetAsync(place.Region.Name, name, version.Number, ct);
        return version.Number;
    }
}
