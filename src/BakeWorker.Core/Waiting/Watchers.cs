using System.Collections.Concurrent;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>The worker's watchers, one per kind of resource and Region.</summary>
public sealed class Watchers(ICloud cloud, Interruptions interruptions, WaitingOptions options, TimeProvider time, ILogger<Watchers> logger)
{
    private readonly ConcurrentDictionary<string, RegionWatchers> _regions = new();

    /// <summary>The clock that waits run on.</summary>
    public TimeProvider Time => time;

    public RegionWatchers Home => In(cloud.Home.Name);

    public RegionWatchers In(string region) =>
        _regions.GetOrAdd(region, name => new RegionWatchers(cloud.In(name), interruptions, options, time, logger));
}

/// <summary>The watchers of one Region.</summary>
public sealed class RegionWatchers(IRegion region, Interruptions interruptions, WaitingOptions options, TimeProvider time, ILogger logger)
{
    public Watcher<InstanceId, Instance> Instances { get; } =
        new(
            "instances",
            interruptions.Watch<InstanceId, Instance>(region.Instances.ReadAsync, seen => seen.Tags),
            options.Fast,
            time,
            logger
        );

    /// <summary>Whether guests that work still live: slow, because their agents normally speak first.</summary>
    public Watcher<InstanceId, Instance> Liveness { get; } =
        new(
            "living instances",
            interruptions.Watch<InstanceId, Instance>(region.Instances.ReadAsync, seen => seen.Tags),
            options.Slow,
            time,
            logger
        );

    public Watcher<InstanceId, InstanceHealth> Health { get; } =
        new("instance status checks", region.Instances.ReadHealthAsync, options.Fast, time, logger);

    public Watcher<InstanceId, Agent> Agents { get; } = new("agents", region.Agents.ReadAsync, options.Fast, time, logger);

    public Watcher<CommandKey, Command> Commands { get; } = new("commands", region.Commands.ReadAsync, options.Fast, time, logger);

    /// <summary>Results lag behind states; each is asked for by itself, because SSM has no batch for them.</summary>
    public Watcher<CommandKey, Command> CommandResults { get; } =
        new("command results", EachAsync<CommandKey, Command>(region.Commands.FindResultAsync), options.Fast, time, logger);

    public Watcher<ImageId, Image> Images { get; } =
        new("images", interruptions.Watch<ImageId, Image>(region.Images.ReadAsync, seen => seen.Tags), options.Slow, time, logger);

    public Watcher<InstanceId, ScanStatus> Coverage { get; } =
        new("scan coverage", region.Scans.ReadCoverageAsync, options.Slow, time, logger);

    public Watcher<InstanceId, IReadOnlyList<Finding>> Findings { get; } =
        new(
            "findings",
            EachAsync<InstanceId, IReadOnlyList<Finding>>(async (id, ct) => await region.Scans.ListFindingsAsync(id, ct)),
            options.Slow,
            time,
            logger
        );

    public Watcher<ScanKey, ScanStatus> ImageScans { get; } =
        new("image scans", region.Scans.ReadImageScansAsync, options.Slow, time, logger);

    public Watcher<ScannedImage, IReadOnlyList<Finding>> ImageFindings { get; } =
        new(
            "image findings",
            EachAsync<ScannedImage, IReadOnlyList<Finding>>((key, ct) => region.Scans.FindImageFindingsAsync(key.Image, key.Since, ct)),
            options.Slow,
            time,
            logger
        );

    public Watcher<string, Pointer> Pointers { get; } =
        new("pointer parameters", EachAsync<string, Pointer>(region.Pointers.FindAsync), options.Fast, time, logger);

    private static Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> EachAsync<TKey, TSeen>(
        Func<TKey, CancellationToken, Task<TSeen?>> find
    )
        where TKey : notnull
        where TSeen : class =>
        async (keys, ct) =>
        {
            var seen = new Dictionary<TKey, TSeen>();
            foreach (var key in keys)
            {
                if (await find(key, ct) is { } view)
                {
                    seen[key] = view;
                }
            }

            return seen;
        };
}

/// <summary>An image and the moment after which a scan result counts.</summary>
public readonly record struct ScannedImage(ImageId Image, DateTimeOffset Since);
