using BakeWorker.Core.Bakes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>
/// Shared waiting: any number of waits on resources of one kind are served by one batched read per tick. While nobody waits, nothing is read.
/// </summary>
public sealed class Watcher<TKey, TSeen>(
    string kind,
    Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> read,
    TimeSpan interval,
    TimeProvider time,
    ILogger logger
)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, List<Wait>> _waits = [];
    private bool _ticking;

    /// <summary>
    /// The first view of the resource that satisfies <paramref name="until"/>. A resource the cloud does not show (yet) is waited for:
    /// absence proves nothing under eventual consistency, so the caller's token carries the budget.
    /// </summary>
    /// <exception cref="BakeFailedException">The reads fail in a way that waiting does not mend.</exception>
    public async Task<TSeen> WaitAsync(TKey key, Func<TSeen, bool> until, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var wait = new Wait(until);
        Add(key, wait);
        using var registration = ct.UnsafeRegister(
            _ =>
            {
                Remove(key, wait);
                wait.Answer.TrySetCanceled(ct);
            },
            null
        );
        return await wait.Answer.Task;
    }

    private void Add(TKey key, Wait wait)
    {
        lock (_gate)
        {
            if (!_waits.TryGetValue(key, out var waits))
            {
                _waits[key] = waits = [];
            }

            waits.Add(wait);
            if (_ticking)
            {
                return;
            }

            _ticking = true;
        }

        // The loop serves every bake, so it must not run as a child of the one that happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = TickWhileWaitedForAsync();
        }
    }

    private void Remove(TKey key, Wait wait)
    {
        lock (_gate)
        {
            if (_waits.TryGetValue(key, out var waits) && waits.Remove(wait) && waits.Count == 0)
            {
                _waits.Remove(key);
            }
        }
    }

    private async Task TickWhileWaitedForAsync()
    {
        await Task.Yield();
        while (TakeKeys() is { Count: > 0 } keys)
        {
            try
            {
                Deliver(await read(keys, CancellationToken.None));
            }
            catch (BakeFailedException exception) when (exception.Kind == FailureKind.Transient)
            {
                Log.ReadFailed(logger, kind, keys.Count, exception.Code, exception.Message);
            }
            catch (Exception exception)
            {
                Fail(keys, exception);
            }

            await Task.Delay(interval, time);
        }
    }

    private List<TKey> TakeKeys()
    {
        lock (_gate)
        {
            _ticking = _waits.Count > 0;
            return [.. _waits.Keys];
        }
    }

    private void Deliver(IReadOnlyDictionary<TKey, TSeen> seen)
    {
        foreach (var (key, view) in seen)
        {
            foreach (var wait in Snapshot(key))
            {
                Offer(key, wait, view);
            }
        }
    }

    private void Offer(TKey key, Wait wait, TSeen view)
    {
        try
        {
            if (wait.Until(view))
            {
                Remove(key, wait);
                wait.Answer.TrySetResult(view);
            }
        }
        catch (Exception exception)
        {
            Remove(key, wait);
            wait.Answer.TrySetException(exception);
        }
    }

    private void Fail(List<TKey> keys, Exception exception)
    {
        foreach (var key in keys)
        {
            foreach (var wait in Snapshot(key))
            {
                Remove(key, wait);
                wait.Answer.TrySetException(exception);
            }
        }
    }

    private Wait[] Snapshot(TKey key)
    {
        lock (_gate)
        {
            return _waits.TryGetValue(key, out var waits) ? [.. waits] : [];
        }
    }

    private sealed class Wait(Func<TSeen, bool> until)
    {
        public Func<TSeen, bool> Until { get; } = until;

        public TaskCompletionSource<TSeen> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
