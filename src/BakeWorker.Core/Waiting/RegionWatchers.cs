using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>The watchers of one Region.</summary>
public sealed class RegionWatchers
{
    // What one call answers at most: 200 values of an EC2 filter, pages of 50 in SSM, 100 status checks.
    private const int FilterValues = 200;

    // Far beyond what EC2 hides new images for: one that is not shown for so long was removed by somebody.
    private static readonly TimeSpan Removed = TimeSpan.FromMinutes(10);

    public RegionWatchers(
        IRegion region,
        Interruptions interruptions,
        WaitingOptions options,
        BakeMetrics metrics,
        TimeProvider time,
        ILogger logger
    )
    {
        var readInstances = interruptions.Watch<InstanceId, Instance>(region.Instances.ReadAsync, seen => seen.Tags);
        var readImages = interruptions.Watch<ImageId, Image>(region.Images.ReadAsync, seen => seen.Tags);
        Launches = Fast<InstanceId, Instance>("launches", readInstances, calm: options.Fast);
        Instances = Fast<InstanceId, Instance>("instances", readInstances);
        Liveness = Slow<InstanceId, Instance>("living instances", readInstances);
        Health = Slow<InstanceId, InstanceHealth>("instance status checks", region.Instances.ReadHealthAsync, page: 100);
        Agents = Slow<InstanceId, Agent>("agents", region.Agents.ReadAsync, page: 50);
        Commands = Fast<CommandKey, Command>("commands", region.Commands.ReadAsync, page: 50);
        CommandResults = Each<CommandKey, Command>("command results", options.Fast, region.Commands.FindResultAsync);
        Images = Slow<ImageId, Image>("images", readImages, unseen: Removed);
        Coverage = Slow<InstanceId, ScanStatus>("scan coverage", region.Scans.ReadCoverageAsync);
        Findings = Each<InstanceId, IReadOnlyList<Finding>>(
            "findings",
            options.Slow,
            async (id, ct) => await region.Scans.ListFindingsAsync(id, ct)
        );
        ImageScans = Each<ScanKey, ScanStatus>(
            "image scans",
            options.Slow,
            async (key, ct) => (await region.Scans.ReadImageScansAsync([key], ct)).GetValueOrDefault(key)
        );
        ImageFindings = Each<ScannedImage, IReadOnlyList<Finding>>(
            "image findings",
            options.Slow,
            (key, ct) => region.Scans.FindImageFindingsAsync(key.Image, key.Since, ct)
        );
        Pointers = Each<string, Pointer>("pointer parameters", options.Fast, region.Pointers.FindAsync);

        Watcher<TKey, TSeen> Fast<TKey, TSeen>(
            string kind,
            Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> read,
            TimeSpan? calm = null,
            int page = FilterValues
        )
            where TKey : notnull => Watch(kind, options.Fast, calm ?? options.Calm, page, Looks.Together(read));

        Watcher<TKey, TSeen> Slow<TKey, TSeen>(
            string kind,
            Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> read,
            int page = FilterValues,
            TimeSpan? unseen = null
        )
            where TKey : notnull => Watch(kind, options.Slow, options.Calm, page, Looks.Together(read), unseen);

        Watcher<TKey, TSeen> Each<TKey, TSeen>(string kind, TimeSpan tick, Func<TKey, CancellationToken, Task<TSeen?>> find)
            where TKey : notnull
            where TSeen : class => Watch(kind, tick, options.Calm, int.MaxValue, Looks.Each(find));

        Watcher<TKey, TSeen> Watch<TKey, TSeen>(
            string kind,
            TimeSpan tick,
            TimeSpan calm,
            int page,
            Func<IReadOnlyCollection<TKey>, CancellationToken, Task<Sight<TKey, TSeen>>> look,
            TimeSpan? unseen = null
        )
            where TKey : notnull =>
            new(
                kind,
                (keys, ct) =>
                {
                    metrics.Looked(kind, keys.Count);
                    return look(keys, ct);
                },
                new Pace(tick, calm > tick ? calm : tick),
                page,
                options.Patience,
                time,
                logger
            )
            {
                Unseen = unseen,
            };
    }

    /// <summary>Instances on their way up: looked at every tick, because a launch that dies must find its next rung within seconds.</summary>
    public Watcher<InstanceId, Instance> Launches { get; }

    public Watcher<InstanceId, Instance> Instances { get; }

    /// <summary>Whether guests that work still live: slow, because their agents normally speak first.</summary>
    public Watcher<InstanceId, Instance> Liveness { get; }

    public Watcher<InstanceId, InstanceHealth> Health { get; }

    public Watcher<InstanceId, Agent> Agents { get; }

    public Watcher<CommandKey, Command> Commands { get; }

    /// <summary>Results lag behind states; each is asked for by itself, because SSM has no batch for them.</summary>
    public Watcher<CommandKey, Command> CommandResults { get; }

    public Watcher<ImageId, Image> Images { get; }

    public Watcher<InstanceId, ScanStatus> Coverage { get; }

    public Watcher<InstanceId, IReadOnlyList<Finding>> Findings { get; }

    public Watcher<ScanKey, ScanStatus> ImageScans { get; }

    public Watcher<ScannedImage, IReadOnlyList<Finding>> ImageFindings { get; }

    public Watcher<string, Pointer> Pointers { get; }
}

/// <summary>An image and the moment after which a scan result counts.</summary>
public readonly record struct ScannedImage(ImageId Image, DateTimeOffset Since);
