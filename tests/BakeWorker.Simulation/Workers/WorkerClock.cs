namespace BakeWorker.Simulation.Workers;

/// <summary>The clock of one worker process. While the process is frozen its timers are held back; when it is dead they never fire.</summary>
internal sealed class WorkerClock(TimeProvider world) : TimeProvider
{
    private readonly List<WorkerTimer> _held = [];
    private TaskCompletionSource? _thaw;
    private bool _isDead;

    public override long TimestampFrequency => world.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WorkerTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on at once in a process that runs, later in one that is frozen, never in one that is dead.</summary>
    public async Task PassAsync()
    {
        while (_isDead || _thaw is not null)
        {
            await (_isDead ? new TaskCompletionSource().Task : _thaw!.Task);
        }
    }

    public void Die() => _isDead = true;

    public void Freeze(TimeSpan time)
    {
        if (_thaw is not null || _isDead)
        {
            return;
        }

        var thaw = _thaw = new TaskCompletionSource();
        ITimer? alarm = null;
        alarm = world.CreateTimer(
            _ =>
            {
                alarm?.Dispose();
                Thaw(thaw);
            },
            null,
            time,
            Timeout.InfiniteTimeSpan
        );
    }

    // Answers that came in meanwhile are read first, or timers that ran out are: a process has no say in it.
    private void Thaw(TaskCompletionSource thaw)
    {
        _thaw = null;
        var timersFirst = _held.Count % 2 == 0;
        var held = _held.ToList();
        _held.Clear();
        if (!timersFirst)
        {
            thaw.SetResult();
        }

        held.ForEach(timer => timer.Fire());
        if (timersFirst)
        {
            thaw.SetResult();
        }
    }

    private sealed class WorkerTimer : ITimer
    {
        private readonly WorkerClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _inner;
        private bool _isOn;

        public WorkerTimer(WorkerClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _inner = clock.World.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isOn = dueTime != Timeout.InfiniteTimeSpan;
            return _inner.Change(dueTime, period);
        }

        public void Fire()
        {
            if (!_isOn || _clock._isDead)
            {
                return;
            }

            if (_clock._thaw is not null)
            {
                _clock._held.Add(this);
                return;
            }

            _callback(_state);
        }

        public void Dispose()
        {
            _isOn = false;
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private TimeProvider World => world;
}
