using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes the private copies in the recipe's other Regions, early, because they take longest.</summary>
public sealed class CopyImage(ICloud cloud, Watchers watchers) : IStage<CapturedImage, ImageCopies>
{
    public string Name => "copy-image";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromHours(4);

    public async Task<ImageCopies> RunAsync(BakeRun run, CapturedImage image, CancellationToken ct)
    {
        var publish = run.Bake.Recipe.Publish;
        var regions = publish.Regions.Where(region => region != cloud.Home.Name).Distinct();
        var copies = await Task.WhenAll(
            regions.Select(region => CopyAsync(run, image, region, publish.KmsKeys.GetValueOrDefault(region), ct))
        );
        return new ImageCopies(copies);
    }

    private async Task<Image> CopyAsync(BakeRun run, CapturedImage image, string region, string? kmsKey, CancellationToken ct)
    {
        var begun = await cloud.In(region).Images.EnsureCopyAsync(run.Bake, image.Image, kmsKey, ct);
        run.Note(Name, $"{begun.Id} in {region}");
        var copy = await watchers
            .In(region)
            .Images.WaitAsync(
                begun.Id,
                new Begun($"{run.Bake.Recipe.Name}/copy", begun.CreatedAt ?? watchers.Time.GetUtcNow()),
                seen => seen.State != ImageState.Pending,
                ct
            );
        if (copy.State != ImageState.Available)
        {
            throw Failures.CopyFailed(copy);
        }

        if (run.Bake.Recipe.Publish.ImdsV2)
        {
            await cloud.In(region).Images.EnsureImdsV2Async(copy, ct);
        }

        return copy;
    }
}
