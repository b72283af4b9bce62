using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes the image from the stopped builder and waits until it is available.</summary>
public sealed class CaptureImage(ICloud cloud, Watchers watchers) : IStage<CaptureSource, CapturedImage>
{
    public string Name => "capture-image";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromHours(2);

    public async Task<CapturedImage> RunAsync(BakeRun run, CaptureSource source, CancellationToken ct)
    {
        var begun = source.Image ?? await cloud.Home.Images.EnsureAsync(run.Bake, source.Builder!, ct);
        run.Image = begun.Id;
        run.Note(Name, begun.Id.Value);
        var image = await watchers.Home.Images.WaitAsync(begun.Id, Began(run.Bake, begun), seen => seen.State != ImageState.Pending, ct);
        if (image.State != ImageState.Available)
        {
            throw Failures.CaptureFailed(image);
        }

        if (run.Bake.Recipe.Publish.ImdsV2)
        {
            await cloud.Home.Images.EnsureImdsV2Async(image, ct);
        }

        return new CapturedImage(image, source.Before);
    }

    private Begun Began(Bake bake, Image image) => new($"{bake.Recipe.Name}/capture", image.CreatedAt ?? watchers.Time.GetUtcNow());
}
