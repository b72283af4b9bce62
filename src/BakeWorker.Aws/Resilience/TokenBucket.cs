namespace BakeWorker.Aws.Resilience;

/// <summary>A bucket of calls that refills by the clock. Whoever finds it empty waits in line; a throttle halves its rate, quiet brings it back.</summary>
internal sealed class TokenBucket(BucketSize size, TimeProvider time)
{
    private const double Slower = 0.5;
    private const double LeastPart = 0.05;

    // Part of the full rate that comes back each second without a throttle: all of it within a minute and a half.
    private const double RecoveredPart = 0.01;
    private static readonly TimeSpan BetweenSlowdowns = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _line = new();
    private double _tokens = size.Capacity;
    private double _rate = size.PerSecond;
    private long _at = time.GetTimestamp();
    private long? _slowedAt;
    private bool _isServing;

    public string Name => size.Name;

    /// <summary>Tokens that are there, and how many come each second.</summary>
    public (double Tokens, double PerSecond) Level
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return (_tokens, _rate);
            }
        }
    }

    /// <summary>Takes one token, in the order of asking.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            Refill();
            if (_line.Count == 0 && _tokens >= 1)
            {
                _tokens--;
                return;
            }

            // Continuations run where the clock is, so that virtual time waits for them.
            turn = new TaskCompletionSource();
            _line.Enqueue(turn);
            if (!_isServing)
            {
                _isServing = true;
                using var nobodysChild = ExecutionContext.SuppressFlow();
                _ = ServeAsync();
            }
        }

        await using var registration = ct.UnsafeRegister(_ => turn.TrySetCanceled(ct), null);
        await turn.Task;
    }

    /// <summary>AWS said that calls come too fast: its own bucket is empty, so ours is, too.</summary>
    public void Slow()
    {
        lock (_gate)
        {
            Refill();
            // The answers to one burst are one piece of news.
            if (_slowedAt is not { } last || time.GetElapsedTime(last) >= BetweenSlowdowns)
            {
                _slowedAt = time.GetTimestamp();
                _rate = Math.Max(_rate * Slower, size.PerSecond * LeastPart);
                _tokens = Math.Min(_tokens, 0);
            }
        }
    }

    private async Task ServeAsync()
    {
        while (Next(out var turn) is { } wait)
        {
            if (turn is null)
            {
                await Task.Delay(wait, time);
            }
            else if (!turn.TrySetResult())
            {
                GiveBack();
            }
        }
    }

    /// <summary>Whose turn it is, or how long until it is somebody's; null when the line is empty.</summary>
    private TimeSpan? Next(out TaskCompletionSource? turn)
    {
        lock (_gate)
        {
            turn = null;
            Refill();
            while (_line.TryPeek(out var first) && first.Task.IsCompleted)
            {
                _line.Dequeue();
            }

            if (_line.Count == 0)
            {
                _isServing = false;
                return null;
            }

            if (_tokens < 1)
            {
                return TimeSpan.FromMilliseconds(Math.Ceiling((1 - _tokens) / _rate * 1000));
            }

            _tokens--;
            turn = _line.Dequeue();
            return TimeSpan.Zero;
        }
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            _tokens++;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_at, now).TotalSeconds;
        _at = now;
        _tokens = Math.Min(size.Capacity, _tokens + (seconds * _rate));
        _rate = Math.Min(size.PerSecond, _rate + (seconds * size.PerSecond * RecoveredPart));
    }
}
