using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>
/// Shared waiting: any number of waits on resources of one kind are served by one batched read of those that are due. While nobody waits,
/// nothing is read.
/// </summary>
public sealed class Watcher<TKey, TSeen>(
    string kind,
    Func<IReadOnlyCollection<TKey>, CancellationToken, Task<Sight<TKey, TSeen>>> look,
    Pace pace,
    int page,
    TimeSpan patience,
    TimeProvider time,
    ILogger logger
)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, List<Wait>> _waits = [];
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private DateTimeOffset _restUntil = DateTimeOffset.MinValue;
    private DateTimeOffset? _failingSince;
    private bool _isLooking;
    private int _arming;

    /// <summary>How long a resource may stay unseen before nobody waits for it any more; null: as long as the caller's token lasts.</summary>
    public TimeSpan? Unseen { get; init; }

    /// <summary>Calls of a look at all that wait, beyond the first.</summary>
    private int FurtherCalls => _waits.Count / page;

    /// <inheritdoc cref="WaitAsync(TKey, Begun, Func{TSeen, bool}, CancellationToken)"/>
    public Task<TSeen> WaitAsync(TKey key, Func<TSeen, bool> until, CancellationToken ct) =>
        WaitAsync(key, new Wait(kind, time.GetUtcNow(), until) { Due = time.GetUtcNow() }, ct);

    /// <summary>
    /// The first view of the resource that satisfies <paramref name="until"/>. A resource the cloud does not show (yet) is waited for:
    /// absence proves nothing under eventual consistency, so the caller's token carries the budget; but what has been absent for longer than
    /// <see cref="Unseen"/> has gone.
    /// </summary>
    /// <exception cref="BakeFailedException">The reads fail in a way that waiting does not mend, or for longer than is worth waiting.</exception>
    public Task<TSeen> WaitAsync(TKey key, Begun begun, Func<TSeen, bool> until, CancellationToken ct)
    {
        // The cloud's clock may be ahead of ours: nothing began later than now.
        var now = time.GetUtcNow();
        var since = begun.At < now ? begun.At : now;
        return WaitAsync(key, new Wait(begun.Name, since, until) { Due = now + pace.First(begun.Name, now - since) }, ct);
    }

    /// <summary>Looks at once at resources that something is said to have happened to; false when nobody waits for any.</summary>
    public bool Wake(Func<TKey, bool> which)
    {
        lock (_gate)
        {
            var woken = _waits.Where(pair => which(pair.Key)).SelectMany(pair => pair.Value).ToList();
            woken.ForEach(wait => wait.Due = DateTimeOffset.MinValue);
            Arm();
            return woken.Count > 0;
        }
    }

    private async Task<TSeen> WaitAsync(TKey key, Wait wait, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_waits.TryGetValue(key, out var waits))
            {
                _waits[key] = waits = [];
            }

            waits.Add(wait);
            if (wait.Due < _armedFor)
            {
                Arm();
            }
        }

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

    /// <summary>Sets the alarm for the wait that is due first, but not before the last look's rest is over, unless something woke us.</summary>
    private void Arm()
    {
        if (_isLooking || _waits.Count == 0)
        {
            return;
        }

        var first = _waits.Values.Min(waits => waits.Min(wait => wait.Due));
        _armedFor = first > _restUntil || first == DateTimeOffset.MinValue ? first : _restUntil;
        // Timers count whole milliseconds: one that rings too early would find nobody due.
        var pause = TimeSpan.FromMilliseconds(Math.Ceiling((_armedFor - time.GetUtcNow()).TotalMilliseconds));

        // The look serves every bake, so it must not run as a child of the one that happened to start it.
        using var nobodysChild = ExecutionContext.SuppressFlow();
        _ = LookAfterAsync(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, ++_arming);
    }

    private async Task LookAfterAsync(TimeSpan pause, int arming)
    {
        await Task.Yield();
        await Task.Delay(pause, time);
        if (TakeDue(arming) is not { } keys)
        {
            return;
        }

        await LookAsync(keys);
        lock (_gate)
        {
            _isLooking = false;
            Arm();
        }
    }

    /// <summary>Whom the alarm rings for; null when it was set anew since, or nobody waits any more.</summary>
    private List<TKey>? TakeDue(int arming)
    {
        lock (_gate)
        {
            if (arming != _arming || _isLooking)
            {
                return null;
            }

            _armedFor = DateTimeOffset.MaxValue;
            var now = time.GetUtcNow();
            var rest = pace.Rest(FurtherCalls);
            if (!IsDue(now))
            {
                Arm();
                return null;
            }

            // What is due before the next look can be comes along, and what has half of its pause behind it: from then on they go together.
            (_isLooking, _restUntil) = (true, now + rest);
            return [.. _waits.Where(pair => pair.Value.Exists(wait => wait.ComesAlong(now, rest))).Select(pair => pair.Key)];

            bool IsDue(DateTimeOffset at) => _waits.Values.Any(waits => waits.Exists(wait => wait.Due <= at));
        }
    }

    private async Task LookAsync(List<TKey> keys)
    {
        try
        {
            var sight = await look(keys, CancellationToken.None);
            _failingSince = null;
            foreach (var key in keys)
            {
                if (sight.Failed.TryGetValue(key, out var failure))
                {
                    Fail(key, failure);
                }
                else if (sight.Seen.TryGetValue(key, out var seen))
                {
                    Offer(key, seen);
                }
                else
                {
                    Miss(key);
                }
            }
        }
        catch (BakeFailedException exception) when (exception.Kind == FailureKind.Transient && IsWorthWaiting())
        {
            Log.ReadFailed(logger, kind, keys.Count, exception.Code, exception.Message);
            keys.ForEach(Postpone);
        }
        catch (Exception exception)
        {
            keys.ForEach(key => Fail(key, exception));
        }
    }

    // A service that has not answered for a while is not waited for: the bake comes back later instead of holding what it has.
    private bool IsWorthWaiting() => time.GetUtcNow() - (_failingSince ??= time.GetUtcNow()) < patience;

    private void Offer(TKey key, TSeen view)
    {
        var now = time.GetUtcNow();
        foreach (var wait in Snapshot(key))
        {
            wait.UnseenSince = null;
            try
            {
                if (!wait.Until(view))
                {
                    Postpone(wait, now);
                    continue;
                }

                pace.Learn(wait.Name, now - wait.Since, wait.NotYet);
                Remove(key, wait);
                wait.Answer.TrySetResult(view);
            }
            catch (Exception exception)
            {
                Remove(key, wait);
                wait.Answer.TrySetException(exception);
            }
        }
    }

    private void Miss(TKey key)
    {
        var now = time.GetUtcNow();
        foreach (var wait in Snapshot(key))
        {
            var since = wait.UnseenSince ??= now;
            if (now - since >= Unseen)
            {
                Remove(key, wait);
                wait.Answer.TrySetException(Failures.Removed(kind, $"{key}", now - since));
            }
            else
            {
                Postpone(wait, now);
            }
        }
    }

    private void Postpone(TKey key) => Array.ForEach(Snapshot(key), wait => Postpone(wait, time.GetUtcNow()));

    private void Postpone(Wait wait, DateTimeOffset now)
    {
        lock (_gate)
        {
            wait.NotYet = now - wait.Since;
            wait.Pause = pace.Next(wait.Name, now - wait.Since, FurtherCalls);
            wait.Due = now + wait.Pause;
        }
    }

    private void Fail(TKey key, Exception exception)
    {
        foreach (var wait in Snapshot(key))
        {
            Remove(key, wait);
            wait.Answer.TrySetException(exception);
        }
    }

    private Wait[] Snapshot(TKey key)
    {
        lock (_gate)
        {
            return _waits.TryGetValue(key, out var waits) ? [.. waits] : [];
        }
    }

    private sealed class Wait(string name, DateTimeOffset since, Func<TSeen, bool> until)
    {
        public string Name { get; } = name;
        public DateTimeOffset Since { get; } = since;
        public Func<TSeen, bool> Until { get; } = until;
        public DateTimeOffset Due { get; set; }
        public TimeSpan Pause { get; set; }
        public TimeSpan? NotYet { get; set; }
        public DateTimeOffset? UnseenSince { get; set; }
        public TaskCompletionSource<TSeen> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool ComesAlong(DateTimeOffset now, TimeSpan rest) => Due < now + rest || Due - (Pause / 2) <= now;
    }
}
