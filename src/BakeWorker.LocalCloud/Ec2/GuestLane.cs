namespace BakeWorker.LocalCloud.Ec2;

/// <summary>
/// The work of one guest (or one disk copy), one piece after the other: it runs outside the gate and continues under it.
/// Call under the gate.
/// </summary>
internal sealed class GuestLane(LocalCloudAccount account)
{
    private readonly Queue<Job> _waiting = new();
    private Job? _running;

    public void Do(Func<CancellationToken, Task> work, Action done, Action<Exception> failed, bool isBoot = false)
    {
        _waiting.Enqueue(new Job(work, done, failed, isBoot, new CancellationTokenSource()));
        if (_running is null)
        {
            Next();
        }
    }

    /// <summary>Gives up a boot that runs or waits, so that a stop need not wait for it.</summary>
    public void CancelBoots() => Cancel(job => job.IsBoot);

    public void CancelAll() => Cancel(_ => true);

    private void Cancel(Func<Job, bool> which)
    {
        var kept = _waiting.Where(job => !which(job)).ToList();
        _waiting.Clear();
        kept.ForEach(_waiting.Enqueue);
        if (_running is { } running && which(running))
        {
            account.Clock.Outside(running.Stop.Cancel);
        }
    }

    private void Next()
    {
        if (!_waiting.TryDequeue(out _running))
        {
            return;
        }

        var job = _running;
        account.Clock.Outside(() => _ = RunAsync(job));
    }

    private async Task RunAsync(Job job)
    {
        Exception? failure = null;
        try
        {
            await job.Work(job.Stop.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (account.Gate)
        {
            Action end = failure is null ? job.Done : () => job.Failed(failure);
            end();
            Next();
        }
    }

    private sealed record Job(
        Func<CancellationToken, Task> Work,
        Action Done,
        Action<Exception> Failed,
        bool IsBoot,
        CancellationTokenSource Stop
    );
}
