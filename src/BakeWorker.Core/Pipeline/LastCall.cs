using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>The last moment at which a bake can be stopped: looks once more for a wish to cancel it, then marks that from here on it is completed.</summary>
public sealed class LastCall(ICloud cloud, TimeProvider time)
{
    public async Task MakeAsync(BakeRun run, Image home, CancellationToken ct)
    {
        if (home.Tags.ContainsKey(ResourceTags.Publishing))
        {
            run.Interruption.Close();
            return;
        }

        foreach (var instance in await cloud.Home.Instances.ListAsync(run.Bake.Id, ct))
        {
            // A terminated one may still show what an earlier bake of the same request was told.
            if (instance is { IsGone: false, IsKept: false })
            {
                run.Interruption.Heed(instance.Tags);
            }
        }

        foreach (var image in await cloud.Home.Images.ListAsync(run.Bake.Id, ct))
        {
            run.Interruption.Heed(image.Tags);
        }

        run.Interruption.Close();
        await cloud.Home.Images.TagAsync(
            home.Id,
            new Dictionary<string, string> { [ResourceTags.Publishing] = ResourceTags.Time(time.GetUtcNow()) },
            ct
        );
    }
}
