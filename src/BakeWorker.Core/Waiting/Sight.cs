using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Waiting;

/// <summary>What one look at many things showed. What is in neither dictionary is not there (yet).</summary>
public sealed record Sight<TKey, TSeen>(IReadOnlyDictionary<TKey, TSeen> Seen)
    where TKey : notnull
{
    /// <summary>Things that cannot be read by themselves: only who waits for them is told.</summary>
    public IReadOnlyDictionary<TKey, BakeFailedException> Failed { get; init; } = new Dictionary<TKey, BakeFailedException>();
}
