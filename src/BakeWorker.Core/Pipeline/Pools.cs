using System.Collections.Concurrent;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline;

/// <summary>What this worker knows of pools of capacity: one that refused any of its bakes, or took an instance back, is left alone for a while.</summary>
public sealed class Pools(BakeryOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Rung, DateTimeOffset> _coolUntil = new();

    /// <summary>The rungs worth a try, in their order: those that cool are skipped, unless all of them do.</summary>
    public IReadOnlyList<Rung> Warm(IEnumerable<Rung> rungs)
    {
        var (all, now) = (rungs.ToList(), time.GetUtcNow());
        var warm = all.Where(rung => !_coolUntil.TryGetValue(rung, out var until) || until <= now).ToList();
        return warm.Count > 0 ? warm : all;
    }

    public void Cool(Rung rung) => _coolUntil[rung] = time.GetUtcNow() + options.PoolCooldown;

    /// <summary>Remembers the pool of an instance that EC2 took back; anything else says nothing about its pool.</summary>
    public void Saw(Instance instance)
    {
        if (StateReasons.MeansInterrupted(instance.Reason) && instance is { Type: { } type, Subnet: { } subnet })
        {
            Cool(new Rung(type, subnet, Market.Spot));
        }
    }
}
