using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>The parameter that consumers resolve, in every Region.</summary>
public sealed class MovePointers(ICloud cloud, PointerMoves moves) : IPublishStep
{
    public async Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct)
    {
        if (recipe.Publish.Pointer is not { } name)
        {
            return;
        }

        foreach (var region in cloud.RegionsOf(recipe))
        {
            if (await region.Pointers.FindAsync(name, ct) is not { } pointer)
            {
                continue;
            }

            if (!pointer.IsOfImages)
            {
                obstacles.Add(
                    region.Name,
                    $"parameter {name} is a {pointer.Kind}, which SSM lets nobody change, and must be a {Pointer.ImageKind}",
                    "delete it there, or write another publish.pointer"
                );
            }
            else if (pointer.Version >= IPointers.KeptVersions && await IsFullAsync(region, name, ct))
            {
                obstacles.Add(
                    region.Name,
                    $"parameter {name} has {IPointers.KeptVersions} versions, of which the oldest has a label, so SSM takes no further one",
                    "move that label to a newer version"
                );
            }
        }
    }

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        if (run.Bake.Recipe.Publish.Pointer is { } pointer)
        {
            await moves.MoveAsync(
                pointer,
                images,
                $"bakeworker {run.Bake.Id}",
                image => run.Note("publish", $"{pointer} in {image.Region} -> {image.Id}"),
                ct
            );
        }
    }

    /// <summary>Back to what it named before, as far as that can still be launched; away, if it named nothing before.</summary>
    public async Task UndoAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        var region = cloud.In(image.Region);
        if (
            recipe.Publish.Pointer is not { } name
            || await region.Pointers.ListVersionsAsync(name, ct) is not { Count: > 0 } versions
            || versions[0].Image != image.Id
        )
        {
            return;
        }

        var before = versions.Select(version => version.Image).Where(id => id != image.Id).Distinct().ToList();
        if (before.Count == 0)
        {
            await region.Pointers.RemoveAsync(name, ct);
            return;
        }

        foreach (var candidate in before)
        {
            if (await region.Images.IsLaunchableAsync(candidate, ct))
            {
                await moves.WriteAsync(region.Name, name, candidate, $"bakeworker took {image.Id} back", ct);
                return;
            }
        }

        throw Failures.PublishFailed($"parameter {name}, of whose earlier images none is available any more,", region.Name, $"{image.Id}");
    }

    private static async Task<bool> IsFullAsync(IRegion region, string name, CancellationToken ct) =>
        await region.Pointers.ListVersionsAsync(name, ct) is { Count: >= IPointers.KeptVersions } versions && versions[^1].Labels.Count > 0;
}
