using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Sweeping;

/// <summary>
/// Finds what nobody owns any more, and removes it when told to. Lists the cloud first and judges then; looks at each item once more right before
/// its removal, so that several sweeps at a time, and bakes that go on meanwhile, are no danger to each other.
/// </summary>
public sealed class Sweep(
    ICloud cloud,
    KnownRegions regions,
    Removal removal,
    SweepOptions options,
    BakeMetrics metrics,
    TimeProvider time,
    ILogger<Sweep> logger
)
{
    public async Task<SweepReport> RunAsync(bool apply, CancellationToken ct)
    {
        using var span = BakeTelemetry.Source.StartActivity("sweep");
        var (seen, problems) = (new List<SweptItem>(), new List<string>());
        foreach (var region in regions.List())
        {
            await TryAsync(problems, $"{region} was not looked at", () => ListAsync(cloud.In(region), seen, ct));
        }

        var rules = new SweepRules(seen, options, time.GetUtcNow());
        var judged = new List<SweepJudgement>();
        foreach (var judgement in seen.Select(rules.Judge).OrderBy(judgement => judgement.Item.Kind))
        {
            judged.Add(apply && judgement.IsOrphan ? await RemoveAsync(judgement, rules, ct) : judgement);
        }

        metrics.SweepEnded(problems.Count == 0);
        Log.Swept(logger, seen.Count, judged.Count(item => item.IsOrphan), judged.Count(item => item.IsRemoved), problems.Count);
        return new SweepReport(judged, problems);
    }

    // Images come after snapshots: one that was registered in between still claims its own.
    private static async Task ListAsync(IRegion region, List<SweptItem> seen, CancellationToken ct)
    {
        var instances = await region.Instances.ListAsync(ct);
        var snapshots = await region.Snapshots.ListAsync(null, ct);
        var images = await region.Images.ListAsync((string?)null, ct);
        var owners = images
            .SelectMany(image => image.Snapshots.Select(id => (Id: id, Image: image.Id.Value)))
            .ToLookup(o => o.Id, o => o.Image);
        seen.AddRange(instances.Where(instance => !instance.IsGone).Select(instance => SweptItem.Of(instance, region.Name)));
        seen.AddRange(images.Select(SweptItem.Of));
        seen.AddRange(snapshots.Select(snapshot => SweptItem.Of(snapshot, region.Name, owners[snapshot.Id.Value].FirstOrDefault())));
    }

    private async Task<SweepJudgement> RemoveAsync(SweepJudgement judgement, SweepRules rules, CancellationToken ct)
    {
        var item = judgement.Item;
        try
        {
            if (await FindAsync(item, ct) is { } now)
            {
                var again = rules.Judge(now);
                var left = again.IsOrphan ? await RemoveAsync(now, ct) : again.Reason;
                if (left is not null)
                {
                    Log.Left(logger, item.Bake!, item.Id, item.Region, left);
                    return judgement with { LeftBecause = left };
                }
            }

            Log.Removed(logger, item.Bake!, item.Id, item.Region, judgement.Reason);
            metrics.Swept(item.Kind, item.Region);
            return judgement with { IsRemoved = true };
        }
        catch (BakeFailedException failure)
        {
            Log.Left(logger, item.Bake!, item.Id, item.Region, failure.Message);
            return judgement with { LeftBecause = failure.Message };
        }
    }

    private async Task<SweptItem?> FindAsync(SweptItem item, CancellationToken ct)
    {
        var region = cloud.In(item.Region);
        switch (item.Kind)
        {
            case SweptKind.Instance:
                var instances = await region.Instances.ReadAsync([new InstanceId(item.Id)], ct);
                return instances.Values.FirstOrDefault(instance => !instance.IsGone) is { } found ? SweptItem.Of(found, item.Region) : null;
            case SweptKind.Image:
                var images = await region.Images.ReadAsync([new ImageId(item.Id)], ct);
                return images.Values.FirstOrDefault() is { } image ? SweptItem.Of(image) : null;
            default:
                return await region.Snapshots.FindAsync(new SnapshotId(item.Id), ct) is { } snapshot
                    ? SweptItem.Of(snapshot, item.Region, null)
                    : null;
        }
    }

    private Task<string?> RemoveAsync(SweptItem item, CancellationToken ct) =>
        item.Kind switch
        {
            SweptKind.Instance => removal.InstanceAsync(item.Region, new InstanceId(item.Id), ct),
            SweptKind.Image => removal.UnfinishedImageAsync(item.Region, new ImageId(item.Id), item.Tags, ct),
            _ => removal.SnapshotAsync(item.Region, new SnapshotId(item.Id), ct),
        };

    private static async Task TryAsync(List<string> problems, string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (BakeFailedException failure)
        {
            problems.Add($"{what}: {failure.Message}");
        }
    }
}
