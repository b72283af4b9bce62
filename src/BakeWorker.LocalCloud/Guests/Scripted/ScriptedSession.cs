namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>From one boot of a scripted guest to its end: what runs in it is cancelled with it.</summary>
internal sealed class ScriptedSession : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;

    public ScriptedSession(TimeProvider time) => (_time, _ended) = (time, _end.Token);

    public bool IsUp { get; set; }

    /// <summary>Waits; the session's end cancels it. No time at all is synchronous.</summary>
    public async Task DelayAsync(TimeSpan delay, CancellationToken ct)
    {
        if (delay == TimeSpan.Zero)
        {
            return;
        }

        // Task.Delay over a linked token ends a cancelled wait on another thread; here all that follows happens in step with its cause.
        var done = new TaskCompletionSource();
        using var timer = _time.CreateTimer(_ => done.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
        using var onEnd = _ended.UnsafeRegister(_ => done.TrySetCanceled(_ended), null);
        using var onCancel = ct.UnsafeRegister(_ => done.TrySetCanceled(ct), null);
        await done.Task;
    }

    public void Dispose()
    {
        IsUp = false;
        _end.Cancel();
        _end.Dispose();
    }
}
