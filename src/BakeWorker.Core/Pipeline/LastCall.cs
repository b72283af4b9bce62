using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>The last moment at which a bake can be stopped: looks once more for a wish to cancel it, then marks that from here on it is completed.</summary>
public sealed class LastCall(ICloud cloud, TimeProvider time)
{
    /// <summary>Answers the home image as it is now: another attempt may have released it long ago.</summary>
    public async Task<Image> MakeAsync(BakeRun run, Image home, CancellationToken ct)
    {
        if (home.Tags.ContainsKey(ResourceTags.Publishing))
        {
            run.Interruption.Close();
            return With(home, (await cloud.Home.Images.FindAsync(run.Bake.Id, ct))?.Tags ?? home.Tags);
        }

        foreach (var instance in await cloud.Home.Instances.ListAsync(run.Bake.Id, ct))
        {
            // A terminated one may still show what an earlier bake of the same request was told.
            if (instance is { IsGone: false, IsKept: false })
            {
                run.Interruption.Heed(instance.Tags);
            }
        }

        var images = await cloud.Home.Images.ListAsync(run.Bake.Id, ct);
        foreach (var image in images)
        {
            run.Interruption.Heed(image.Tags);
        }

        run.Interruption.Close();
        var mark = new Dictionary<string, string> { [ResourceTags.Publishing] = ResourceTags.Time(time.GetUtcNow()) };
        await cloud.Home.Images.TagAsync(home.Id, mark, ct);
        return With(home, mark.Concat(images.FirstOrDefault(image => image.Id == home.Id)?.Tags ?? home.Tags));
    }

    // The tags of this moment; what else an answer of just now says may be older than what the bake has seen already.
    private static Image With(Image home, IEnumerable<KeyValuePair<string, string>> tags) =>
        home with
        {
            Tags = tags.Concat(home.Tags).DistinctBy(tag => tag.Key).ToDictionary(),
        };
}
