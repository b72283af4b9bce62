using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Sweeping;

/// <summary>What was marked, and whether publishing began meanwhile, so that the mark may have come too late.</summary>
public sealed record CancelAnswer(IReadOnlyList<string> Marked, bool MayBeTooLate);

/// <summary>Asks the owner of a bake to stop: a tag on everything the bake has, which the owner, or the next attempt, sees in its own reads.</summary>
public sealed class BakeCancelling(ICloud cloud, KnownRegions regions, TimeProvider time, ILogger<BakeCancelling> logger)
{
    /// <exception cref="BakeFailedException">There is nothing to stop, or it is too late; one sentence says which.</exception>
    public async Task<CancelAnswer> AskAsync(string bakeId, CancellationToken ct)
    {
        var (bake, places) = (new BakeId(bakeId), regions.List());
        var tags = new Dictionary<string, string> { [ResourceTags.Cancel] = ResourceTags.Time(time.GetUtcNow()) };
        var first = await LookAsync(bake, places, ct);
        RefuseUnlessUnderWay(bake, first);

        // Once more, because an owner who works on meanwhile makes new things without the mark.
        var marked = new List<string>();
        var last = first;
        for (var look = first; look.Unmarked(marked).ToList() is { Count: > 0 } fresh; last = look = await LookAsync(bake, places, ct))
        {
            foreach (var (id, mark) in fresh)
            {
                await mark(tags, ct);
                marked.Add(id);
            }
        }

        Log.CancelAsked(logger, bakeId, string.Join(", ", marked));
        return new CancelAnswer(marked, last.Home.Any(image => image.MayBeSeen));
    }

    private async Task<Look> LookAsync(BakeId bake, IReadOnlyList<string> places, CancellationToken ct)
    {
        var instances = await cloud.Home.Instances.ListAsync(bake, ct);
        var images = new List<Image>();
        foreach (var region in places)
        {
            images.AddRange(await cloud.In(region).Images.ListAsync(bake, ct));
        }

        return new Look(cloud, instances, images);
    }

    private void RefuseUnlessUnderWay(BakeId bake, Look look)
    {
        var why = look switch
        {
            { Instances: [], Images: [] } => $"no bake {bake} is known in {cloud.Home.Name}; 'bakeworker status' lists those that are.",
            _ when look.Home.FirstOrDefault(image => image.IsReleased) is { } released =>
                $"{bake} is released as {released.Id}; a released image is retired, not cancelled.",
            _ when look.Home.FirstOrDefault(image => image.MayBeSeen) is { } seen =>
                $"{bake} is being published as {seen.Id} since {seen.Tags[ResourceTags.Publishing]}; it is too late to cancel it.",
            _ when look.Unmarked([]).Any() => null,
            _ when look.Instances.FirstOrDefault(instance => instance is { IsGone: false, IsKept: true }) is { } kept =>
                $"{bake} has ended, and its builder {kept.Id} is kept until {kept.Tags[ResourceTags.KeepUntil]}; terminate it if nobody needs it.",
            _ =>
                $"{bake} has nothing left that runs: it has ended, or its request waits to be tried again and can be cancelled once it has launched something.",
        };
        if (why is not null)
        {
            throw new BakeFailedException(FailureKind.Invalid, FailureCodes.RequestInvalid, why);
        }
    }

    private sealed record Look(ICloud Cloud, IReadOnlyList<Instance> Instances, IReadOnlyList<Image> Images)
    {
        public IEnumerable<Image> Home => Images.Where(image => image.Region == Cloud.Home.Name);

        /// <summary>Everything alive that was not marked by us yet, each with how to mark it.</summary>
        public IEnumerable<(string Id, Func<IReadOnlyDictionary<string, string>, CancellationToken, Task> Mark)> Unmarked(
            IReadOnlyCollection<string> marked
        ) =>
            Instances
                .Where(instance => instance is { IsGone: false, IsKept: false } && !marked.Contains(instance.Id.Value))
                .Select(instance =>
                    (
                        instance.Id.Value,
                        Mark: (Func<IReadOnlyDictionary<string, string>, CancellationToken, Task>)(
                            (tags, ct) => Cloud.Home.Instances.TagAsync(instance.Id, tags, ct)
                        )
                    )
                )
                .Concat(
                    Images
                        .Where(image => !image.IsReleased && !marked.Contains(image.Id.Value))
                        .Select(image =>
                            (
                                image.Id.Value,
                                Mark: (Func<IReadOnlyDictionary<string, string>, CancellationToken, Task>)(
                                    (tags, ct) => Cloud.In(image.Region).Images.TagAsync(image.Id, tags, ct)
                                )
                            )
                        )
                );
    }
}
