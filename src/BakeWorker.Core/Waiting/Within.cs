namespace BakeWorker.Core.Waiting;

/// <summary>Gives a wait a limit of its own inside a longer budget.</summary>
public static class Within
{
    /// <summary>False when the work did not end in time; the caller's own cancellation still throws.</summary>
    public static async Task<bool> TryAsync(TimeSpan limit, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var alarm = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, alarm.Token);
        try
        {
            await work(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (alarm.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
