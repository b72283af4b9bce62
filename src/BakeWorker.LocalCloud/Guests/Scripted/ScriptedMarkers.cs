namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>The locks and answers that scripts leave on one guest's disk: answers outlive a reboot, locks do not.</summary>
internal sealed class ScriptedMarkers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _locks = [];
    private readonly Dictionary<string, GuestExit> _answers = [];

    /// <summary>Runs the script, or waits for the one that holds its lock; where there is an answer already, that one is repeated.</summary>
    public async Task<GuestExit> RunAsync(string marker, Func<Task<GuestExit>> run, Action repeated, CancellationToken ct)
    {
        var own = new TaskCompletionSource();
        while (HolderAfter(marker, own) is var holder && holder != own)
        {
            await holder.Task.WaitAsync(ct);
        }

        try
        {
            if (Find(marker) is { } known)
            {
                repeated();
                return known;
            }

            var exit = await run();
            Keep(marker, exit);
            return exit;
        }
        finally
        {
            Release(marker);
            own.SetResult();
        }
    }

    private TaskCompletionSource HolderAfter(string marker, TaskCompletionSource asking)
    {
        lock (_gate)
        {
            _locks.TryAdd(marker, asking);
            return _locks[marker];
        }
    }

    private GuestExit? Find(string marker)
    {
        lock (_gate)
        {
            return _answers.GetValueOrDefault(marker);
        }
    }

    // Only a script that came to its own end leaves an answer: not one that was killed, nor one that wants to go on after a reboot.
    private void Keep(string marker, GuestExit exit)
    {
        if (exit is { Lost: false, TimedOut: false, ExitCode: not (194 or 3010) })
        {
            lock (_gate)
            {
                _answers[marker] = exit;
            }
        }
    }

    private void Release(string marker)
    {
        lock (_gate)
        {
            _locks.Remove(marker);
        }
    }
}
