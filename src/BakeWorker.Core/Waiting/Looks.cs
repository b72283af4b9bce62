using System.Collections.Concurrent;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Waiting;

/// <summary>The two ways to look at many things: all in one read, or each by itself where the service has no batch.</summary>
internal static class Looks
{
    // Enough to be quick, too few to use up a service's rate at once.
    private const int AtOnce = 8;

    public static Func<IReadOnlyCollection<TKey>, CancellationToken, Task<Sight<TKey, TSeen>>> Together<TKey, TSeen>(
        Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> read
    )
        where TKey : notnull => async (keys, ct) => new Sight<TKey, TSeen>(await read(keys, ct));

    /// <summary>What cannot be read fails by itself; when nothing could be, the look has failed.</summary>
    public static Func<IReadOnlyCollection<TKey>, CancellationToken, Task<Sight<TKey, TSeen>>> Each<TKey, TSeen>(
        Func<TKey, CancellationToken, Task<TSeen?>> find
    )
        where TKey : notnull
        where TSeen : class =>
        async (keys, ct) =>
        {
            var (left, seen) = (new ConcurrentQueue<TKey>(keys), new ConcurrentDictionary<TKey, TSeen>());
            var failed = new ConcurrentDictionary<TKey, BakeFailedException>();
            await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, keys.Count)).Select(_ => WorkAsync()));
            return failed.Count == keys.Count
                ? throw failed.First().Value
                : new Sight<TKey, TSeen>(seen) { Failed = failed.Where(pair => pair.Value.Kind != FailureKind.Transient).ToDictionary() };

            async Task WorkAsync()
            {
                while (left.TryDequeue(out var key))
                {
                    try
                    {
                        if (await find(key, ct) is { } view)
                        {
                            seen[key] = view;
                        }
                    }
                    catch (BakeFailedException failure)
                    {
                        failed[key] = failure;
                    }
                }
            }
        };
}
