using System.Collections.Concurrent;
using System.Diagnostics;

namespace BakeWorker.Testing;

/// <summary>
/// Time that passes only when nothing else can happen: <see cref="Run"/> works off everything that is ready, then jumps to the next timer.
/// One thread, no waiting: a bake of an hour takes milliseconds and goes the same way every time.
/// </summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();

    // One for all runs: what an earlier run left waiting, such as a watcher's loop, goes on in the next.
    private readonly Pump _pump = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (DateTimeOffset Due, long Order)> _due = new();
    private DateTimeOffset _now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the work to its end on this thread.</summary>
    public void Run(Func<Task> work) =>
        Run(async () =>
        {
            await work();
            return true;
        });

    /// <inheritdoc cref="Run(Func{Task})"/>
    public T Run<T>(Func<Task<T>> work)
    {
        var (outer, pump) = (SynchronizationContext.Current, _pump);
        SynchronizationContext.SetSynchronizationContext(pump);
        pump.Take();
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (!pump.RunOne() && !pump.RunStray() && !AdvanceToNext() && !ComesBack(pump))
                {
                    throw new InvalidOperationException("The work waits for something that no timer will ever bring.");
                }
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            pump.Leave();
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    // Something may still be on the thread pool: it comes back to the pump, or sets a timer from there.
    private bool ComesBack(Pump pump)
    {
        for (var look = 0; look < 3000; look++)
        {
            if (pump.RunOneWithin(TimeSpan.FromMilliseconds(10)) || AdvanceToNext())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Jumps to the next timer and fires it; false when there is none.</summary>
    public bool AdvanceToNext()
    {
        VirtualTimer timer;
        lock (_gate)
        {
            do
            {
                if (!_due.TryDequeue(out var entry, out var at))
                {
                    return false;
                }

                timer = entry.Version == entry.Timer.Version ? entry.Timer : VirtualTimer.Stale;
                _now = ReferenceEquals(timer, VirtualTimer.Stale) || at.Due < _now ? _now : at.Due;
            } while (ReferenceEquals(timer, VirtualTimer.Stale));
        }

        // Without a context, as on the thread pool: only so do continuations of the SDK, which want none, run right here.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            timer.Fire();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return true;
    }

    private void Schedule(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            timer.Version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _due.Enqueue((timer, timer.Version), (_now + dueTime, _order++));
            }
        }
    }

    private sealed class VirtualTimer(VirtualTime? time, TimerCallback callback, object? state) : ITimer
    {
        public static readonly VirtualTimer Stale = new(null, _ => { }, null);
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long Version { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            time?.Schedule(this, dueTime);
            return true;
        }

        public void Fire()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period != TimeSpan.Zero)
            {
                time?.Schedule(this, _period);
            }

            callback(state);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private sealed class Pump : SynchronizationContext
    {
        private const int Rounds = 5;

        // Told of each thread that begins or ends to run something of ours.
        private static readonly AsyncLocal<Pump?> Owner = new(turn =>
        {
            turn.PreviousValue?.Count(-1);
            turn.CurrentValue?.Count(+1);
        });
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _ready = [];
        private readonly ExecutionContext _clean;

        // Threads of the pool that do nothing but run somebody's time.
        private static int _running;
        private int _elsewhere;
        private int _thread;

        public Pump() => _clean = CaptureClean();

        /// <summary>Takes this thread; what is begun on it is ours wherever it goes on.</summary>
        public void Take()
        {
            (_thread, Owner.Value) = (Environment.CurrentManagedThreadId, this);
            Interlocked.Add(ref _running, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        }

        public void Leave()
        {
            Interlocked.Add(ref _running, Thread.CurrentThread.IsThreadPoolThread ? -1 : 0);
            Owner.Value = null;
        }

        public override void Post(SendOrPostCallback d, object? state) => _ready.Add((d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public bool RunOne() => RunOneWithin(TimeSpan.Zero);

        /// <summary>
        /// A cancellation from our own code sends continuations of the SDK over the thread pool. Time must not pass before they are back. When no
        /// thread of the pool works, they are; when others are busy beside us, the pool is asked until nothing is queued there and none of ours is
        /// running, several times in a row.
        /// </summary>
        public bool RunStray()
        {
            for (var quiet = 0; quiet < Rounds && !IsPoolIdle(); )
            {
                using var answered = new ManualResetEventSlim();
                ThreadPool.UnsafeQueueUserWorkItem(static state => state.Set(), answered, preferLocal: false);
                answered.Wait();
                if (RunOne())
                {
                    return true;
                }

                quiet = ThreadPool.PendingWorkItemCount == 0 && Volatile.Read(ref _elsewhere) == 0 ? quiet + 1 : 0;
            }

            return RunOne();
        }

        // In this order: what is no longer queued has a thread, which counts as busy until it looked for more. A thread that has just taken our work
        // up does not say so yet, least of all while its code is compiled.
        private static bool IsPoolIdle()
        {
            if (ThreadPool.PendingWorkItemCount > 0)
            {
                return false;
            }

            ThreadPool.GetMaxThreads(out var all, out _);
            ThreadPool.GetAvailableThreads(out var free, out _);
            return all - free <= Volatile.Read(ref _running);
        }

        public bool RunOneWithin(TimeSpan patience)
        {
            if (!_ready.TryTake(out var work, patience))
            {
                return false;
            }

            // As on the thread pool: what is posted without a context does not inherit that of whoever runs it.
            ExecutionContext.Run(_clean, state => work.Callback(state), work.State);
            return true;
        }

        private ExecutionContext CaptureClean()
        {
            var (outer, owner) = (Activity.Current, Owner.Value);
            (Activity.Current, Owner.Value) = (null, this);
            var clean = ExecutionContext.Capture()!;
            (Activity.Current, Owner.Value) = (outer, owner);
            return clean;
        }

        private void Count(int change)
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                Interlocked.Add(ref _elsewhere, change);
            }
        }
    }
}
