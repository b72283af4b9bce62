using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>
/// The end of an attempt from outside: somebody asked for it, or the deadline that its first launch set has passed. Both stand on the tags of
/// what the bake made, so the deadline is a lease that nobody prolongs: after it no worker works on the bake, and the sweep may.
/// </summary>
public sealed class Interruption : IDisposable
{
    // Timers take no more than 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop;
    private readonly TimeProvider _time;
    private readonly ITimer _alarm;
    private readonly Action<Interruption> _letGo;
    private DateTimeOffset _deadline;
    private bool _isClosed;

    internal Interruption(Bake bake, TimeProvider time, Action<Interruption> letGo, CancellationToken ct)
    {
        (Bake, _deadline, _time, _letGo) = (bake.Id, bake.Deadline, time, letGo);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Token = _stop.Token;
        _alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Ring();
    }

    public BakeId Bake { get; }

    /// <summary>Ends with the attempt, whoever ends it.</summary>
    public CancellationToken Token { get; }

    /// <summary>Why the attempt must end; null while it need not.</summary>
    public BakeFailedException? Cause { get; private set; }

    /// <summary>Publishing has begun in this attempt or an earlier one.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Takes note of what a resource of the bake says, and ends the attempt here if it says so.</summary>
    public void Heed(IReadOnlyDictionary<string, string> tags)
    {
        See(tags);
        if (Cause is { } cause)
        {
            throw cause;
        }
    }

    /// <summary>From here on the bake is completed: stopping it would leave more than it saves.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    public void Dispose()
    {
        _letGo(this);
        _alarm.Dispose();
        _stop.Dispose();
    }

    internal void See(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.ContainsKey(ResourceTags.Cancel))
        {
            End(Failures.Cancelled(tags[ResourceTags.Cancel]));
        }
        else if (ResourceTags.FindTime(tags, ResourceTags.Deadline) is { } deadline && IsEarlier(deadline))
        {
            Ring();
        }
    }

    private bool IsEarlier(DateTimeOffset deadline)
    {
        lock (_gate)
        {
            var isEarlier = deadline < _deadline;
            _deadline = isEarlier ? deadline : _deadline;
            return isEarlier;
        }
    }

    // Ends the attempt when its time is over, else looks again when it will be.
    private void Ring()
    {
        DateTimeOffset deadline;
        lock (_gate)
        {
            deadline = _deadline;
        }

        var left = deadline - _time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            End(Failures.DeadlinePassed(deadline));
        }
        else
        {
            _alarm.Change(left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
        }
    }

    private void End(BakeFailedException cause)
    {
        lock (_gate)
        {
            if (_isClosed || Cause is not null)
            {
                return;
            }

            Cause = cause;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended in this very moment.
        }
    }
}
