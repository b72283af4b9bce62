using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>The date from which on EC2 shows the image to others as deprecated.</summary>
public sealed class DeprecateLater(ICloud cloud, TimeProvider time) : IPublishStep
{
    public Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct) => Task.CompletedTask;

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        if (run.Bake.Recipe.Publish.DeprecateAfter is not { } after)
        {
            return;
        }

        foreach (var image in images)
        {
            await cloud.In(image.Region).Images.EnsureDeprecationAsync(image.Id, (image.CreatedAt ?? time.GetUtcNow()) + after, ct);
        }
    }

    // A date on an image that nobody may use says nothing to anybody.
    public Task UndoAsync(Recipe recipe, Image image, CancellationToken ct) => Task.CompletedTask;
}
