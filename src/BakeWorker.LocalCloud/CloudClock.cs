using System.Collections.Concurrent;

namespace BakeWorker.LocalCloud;

/// <summary>
/// The cloud's one timeline: everything that happens later is queued here and runs under the cloud's gate, in due order, from one timer.
/// </summary>
public sealed class CloudClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly double _speed;
    private readonly Lock _gate;
    private readonly Func<TimeSpan> _skew;
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _queue = new();
    private readonly ConcurrentQueue<Action> _outside = new();
    private readonly ConcurrentQueue<Action> _released = new();
    private readonly ITimer _timer;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private long _order;

    /// <param name="skew">What this clock shows beyond the true time.</param>
    public CloudClock(TimeProvider time, double speed, Lock gate, Func<TimeSpan> skew)
    {
        (_time, _speed, _gate, _skew) = (time, speed, gate, skew);
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public DateTimeOffset Now => _time.GetUtcNow() + _skew();

    public TimeProvider Time => _time;

    /// <summary>Runs the action, under the gate, after the delay divided by the cloud's speed.</summary>
    public void After(TimeSpan delay, Action action) => AfterReal(delay / _speed, action);

    /// <summary>Runs the action, under the gate, after a delay that speed does not shorten (a queue's visibility, a guest's own time).</summary>
    public void AfterReal(TimeSpan delay, Action action)
    {
        lock (_gate)
        {
            _queue.Enqueue(action, (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), _order++));
            Arm();
        }
    }

    /// <summary>
    /// Runs work that must not hold up the cloud (a guest's), at once and after the gate is free. On a fake clock, or when the work is
    /// done before it awaits, it may have run when this returns.
    /// </summary>
    public void Outside(Action work)
    {
        lock (_gate)
        {
            _outside.Enqueue(work);
            _armedFor = DateTimeOffset.MinValue;
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Keeps the answer to a waiting caller for when the gate is free: the caller's code goes on inside this call and must not hold the gate.
    /// It runs after the timeline's turn, or when the operation that holds the gate has left it and calls <see cref="RunReleased"/>.
    /// </summary>
    public void Release(Action answer) => _released.Enqueue(answer);

    /// <summary>Runs what was kept by <see cref="Release"/>, in this turn. Call outside the gate.</summary>
    public void RunReleased()
    {
        if (_released.IsEmpty)
        {
            return;
        }

        if (_gate.IsHeldByCurrentThread)
        {
            // A fake clock may fire the timer inside the very call that arms it, beneath somebody's gate.
            ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.RunReleased(), this, preferLocal: false);
            return;
        }

        // Without a context, awaits that ask for none go on at once instead of on another thread: virtual time would not wait for that one.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (_released.TryDequeue(out var answer))
            {
                answer();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        lock (_gate)
        {
            _armedFor = DateTimeOffset.MaxValue;
            while (_queue.TryPeek(out var action, out var priority) && priority.Due <= Now)
            {
                _queue.Dequeue();
                action();
            }

            Arm();
        }

        while (_outside.TryDequeue(out var work))
        {
            work();
        }

        RunReleased();
    }

    private void Arm()
    {
        if (!_queue.TryPeek(out _, out var first) || first.Due >= _armedFor)
        {
            return;
        }

        _armedFor = first.Due;
        var wait = first.Due - Now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
