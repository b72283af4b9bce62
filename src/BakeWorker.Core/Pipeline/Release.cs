using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Sweeping;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>Ends what a bake launched, and, when the bake failed for good, what it made. Never an image that was released.</summary>
public sealed class Release(ICloud cloud, Compensation compensation, Removal removal, BuilderKeeping keeping, ILogger<Release> logger)
{
    /// <summary>What was published in part is taken back. Everything goes, but a builder that the recipe wants to keep; answers that one.</summary>
    public async Task<KeptBuilder?> AfterFailureAsync(Bake bake, BakeFailedException final, bool wasPublishing, CancellationToken ct)
    {
        KeptBuilder? kept = null;
        if (final.Kind is not (FailureKind.Cancelled or FailureKind.Invalid) || final.Code == FailureCodes.StoppedAsAsked)
        {
            await TryAsync(bake, "the keep-until tag", async () => kept = await keeping.FindAsync(bake, ct));
        }

        // A service that does not answer is not asked for a favour: calls that fail would only keep what must be taken back from being so.
        var end =
            final.Kind == FailureKind.Transient ? null : new ToldEnd(BakeResultBuilder.OutcomeOf(final.Kind), final.Code, final.Message);
        await InstancesAsync(bake, kept, end, ct);
        await TryAsync(bake, "its images", () => ImagesAsync(bake, wasPublishing, ct));
        return kept;
    }

    /// <summary>Every instance of a bake that ended well: all roles, generations and siblings.</summary>
    public Task InstancesAsync(Bake bake, CancellationToken ct) => InstancesAsync(bake, null, null, ct);

    // None that was kept by an earlier bake of the same request.
    private async Task InstancesAsync(Bake bake, KeptBuilder? kept, ToldEnd? end, CancellationToken ct)
    {
        await TryAsync(
            bake,
            "its instances",
            async () =>
            {
                var seen = await cloud.Home.Instances.ListAsync(bake.Id, ct);
                // A spot instance that somebody else ended may come again until its request is gone, too.
                var ending = seen.Where(instance => instance is { IsGone: false } or { IsSpot: true })
                    .Where(instance => !instance.IsKept && instance.Id != kept?.Instance)
                    .Select(instance => instance.Id)
                    .ToList();
                if (end is not null && (kept?.Instance ?? ending.Cast<InstanceId?>().FirstOrDefault()) is { } witness)
                {
                    await TryAsync(bake, "the tag of its end", () => TellAsync(witness, end, ct));
                }

                if (ending.Count > 1 && await EndTogetherAsync(bake, ending, ct))
                {
                    return;
                }

                foreach (var id in ending)
                {
                    await TryAsync(bake, id.Value, () => removal.InstanceAsync(cloud.Home.Name, id, ct));
                }
            }
        );
    }

    private Task TellAsync(InstanceId witness, ToldEnd end, CancellationToken ct) =>
        cloud.Home.Instances.TagAsync(witness, new Dictionary<string, string> { [ResourceTags.Outcome] = end.ToTag() }, ct);

    // Mostly a builder and a tester. One that must not be ended keeps EC2 from ending the others with it: then each goes by itself.
    private async Task<bool> EndTogetherAsync(Bake bake, IReadOnlyCollection<InstanceId> ids, CancellationToken ct)
    {
        try
        {
            await cloud.Home.Instances.RemoveAsync(ids, ct);
        }
        catch (BakeFailedException)
        {
            return false;
        }

        foreach (var id in ids)
        {
            Log.Removed(logger, bake.Id, id.Value);
        }

        return true;
    }

    /// <summary>Every image, copy and snapshot of the bake that was not released, pending and failed ones included; first what was published in part.</summary>
    public async Task ImagesAsync(Bake bake, bool wasPublishing, CancellationToken ct)
    {
        var left = await compensation.RunAsync(bake.Recipe, bake.Id, wasPublishing, ct);
        if (left.Count > 0)
        {
            Log.LeftBehind(logger, bake.Id, "its images, which may still be seen", string.Join(' ', left));
            return;
        }

        // Home goes first: should this break off, the next attempt makes everything anew instead of going on with what is half gone.
        foreach (var region in bake.Recipe.Publish.Regions.Prepend(cloud.Home.Name).Distinct())
        {
            await TryAsync(bake, $"its images in {region}", () => ImagesAsync(bake, region, ct));
            await TryAsync(bake, $"its snapshots in {region}", () => SnapshotsAsync(bake, region, ct));
        }
    }

    private async Task ImagesAsync(Bake bake, string region, CancellationToken ct)
    {
        foreach (var image in await cloud.In(region).Images.ListAsync(bake.Id, ct))
        {
            await TryAsync(bake, $"{image.Id} in {region}", () => removal.ImageAsync(region, image.Id, ct));
        }
    }

    // By their own tag, because an image that vanished no longer names them.
    private async Task SnapshotsAsync(Bake bake, string region, CancellationToken ct)
    {
        foreach (var snapshot in await cloud.In(region).Snapshots.ListAsync(bake.Id, ct))
        {
            if (!snapshot.Tags.ContainsKey(Snapshot.InspectorTag))
            {
                await TryAsync(bake, $"{snapshot.Id} in {region}", () => removal.SnapshotAsync(region, snapshot.Id, ct));
            }
        }
    }

    private Task TryAsync(Bake bake, string resource, Func<Task<string?>> remove) =>
        TryAsync(
            bake,
            resource,
            async () =>
            {
                if (await remove() is { } reason)
                {
                    Log.LeftBehind(logger, bake.Id, resource, reason);
                }
                else
                {
                    Log.Removed(logger, bake.Id, resource);
                }
            }
        );

    // One thing that cannot be removed must not keep the others alive; what stays carries its deadline tag for the sweep.
    private async Task TryAsync(Bake bake, string resource, Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (BakeFailedException exception)
        {
            Log.LeftBehind(logger, bake.Id, resource, exception.Message);
        }
    }
}
