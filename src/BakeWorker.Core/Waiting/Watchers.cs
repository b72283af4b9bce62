using System.Collections.Concurrent;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>The worker's watchers, one per kind of resource and Region.</summary>
public sealed class Watchers(
    ICloud cloud,
    Interruptions interruptions,
    WaitingOptions options,
    BakeMetrics metrics,
    TimeProvider time,
    ILogger<Watchers> logger
)
{
    private readonly ConcurrentDictionary<string, RegionWatchers> _regions = new();

    /// <summary>The clock that waits run on.</summary>
    public TimeProvider Time => time;

    public RegionWatchers Home => In(cloud.Home.Name);

    public RegionWatchers In(string region) =>
        _regions.GetOrAdd(region, name => new RegionWatchers(cloud.In(name), interruptions, options, metrics, time, logger));

    /// <summary>The watchers of a Region in which somebody waited already; null elsewhere.</summary>
    public RegionWatchers? Find(string region) => _regions.GetValueOrDefault(region);
}
