using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Publishing;

/// <summary>The tag that makes an image a released one. On the home image it is the very last thing, and from then on nothing is taken back.</summary>
public sealed class ReleaseImages(ICloud cloud, TimeProvider time, ILogger<ReleaseImages> logger) : IPublishStep
{
    public Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct) => Task.CompletedTask;

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        foreach (var image in images)
        {
            if (!image.IsReleased)
            {
                var tags = new Dictionary<string, string> { [ResourceTags.ReleasedAt] = ResourceTags.Time(time.GetUtcNow()) };
                await cloud.In(image.Region).Images.TagAsync(image.Id, tags, ct);
            }

            Log.Published(logger, run.Bake.Id, image.Id, image.Region);
        }
    }

    public Task UndoAsync(Recipe recipe, Image image, CancellationToken ct) =>
        cloud.In(image.Region).Images.UntagAsync(image.Id, ResourceTags.ReleasedAt, ct);
}
