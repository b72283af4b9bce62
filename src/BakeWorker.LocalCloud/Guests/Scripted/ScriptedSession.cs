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
    public Task DelayAsync(TimeSpan delay, CancellationToken ct)
    {
        if (delay == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        return ct.CanBeCanceled ? DelayEitherAsync(delay, ct) : Task.Delay(delay, _time, _ended);
    }

    public void Dispose()
    {
        IsUp = false;
        _end.Cancel();
        _end.Dispose();
    }

    private async Task DelayEitherAsync(TimeSpan delay, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended, ct);
        await Task.Delay(delay, _time, either.Token);
    }
}
