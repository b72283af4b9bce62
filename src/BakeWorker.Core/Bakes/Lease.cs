using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// The right to work on a message. It ends by itself when nobody extends it in time, a third of the visibility before another worker
/// could own the message: whatever is under way then has that long to end.
/// </summary>
public sealed class Lease : IDisposable
{
    private static readonly TimeSpan LongestInFlight = TimeSpan.FromHours(12);
    private readonly TimeSpan _visibility;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _end;
    private readonly Action<Lease> _letGo;

    internal Lease(QueueMessage message, TimeSpan visibility, TimeProvider time, Action<Lease> letGo, CancellationToken ct)
    {
        (Message, _visibility, _time, _letGo) = (message, visibility, time, letGo);
        _lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token, ct);
        (Token, Lost) = (_end.Token, _lost.Token);
        Extend(message.ReceivedAt);
    }

    /// <summary>The message with the receipt of its latest delivery to this worker: the only one that SQS still takes.</summary>
    public QueueMessage Message { get; private set; }

    /// <summary>Cancelled when the lease is lost or ends, or the worker stops.</summary>
    public CancellationToken Token { get; }

    /// <summary>Cancelled when the lease is lost, and not because the worker stops: for what is to be said of a bake that has ended.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Somebody else has the message, or will have it soon: it is no longer ours to settle.</summary>
    public bool IsLost => _lost.IsCancellationRequested;

    /// <summary>SQS lets a message be in flight for 12 hours from its receive and then shows it to everybody, whoever works on it.</summary>
    internal bool IsAtItsLimit => _time.GetUtcNow() + _visibility > Message.ReceivedAt + LongestInFlight;

    /// <summary>
    /// The clock is asked, too, since timers stand still while a machine sleeps. Call before each heartbeat: SQS might extend what another
    /// worker has by now.
    /// </summary>
    internal bool IsOverdue => _time.GetUtcNow() >= LostAt;

    private DateTimeOffset LostAt { get; set; }

    public void Dispose()
    {
        _letGo(this);
        _end.Dispose();
        _lost.Dispose();
    }

    /// <summary>The message is ours for the visibility from then on.</summary>
    internal void Extend(DateTimeOffset from)
    {
        // Answers can come out of order; what was granted once stays granted.
        LostAt = from + (_visibility * 2 / 3) is var lostAt && lostAt > LostAt ? lostAt : LostAt;
        var left = LostAt - _time.GetUtcNow();
        Try(() => _lost.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero));
    }

    /// <summary>Takes over the receipt of a second delivery; false when the work under this lease has ended or is about to.</summary>
    internal bool TakeOver(QueueMessage delivery)
    {
        if (Token.IsCancellationRequested || IsOverdue)
        {
            return false;
        }

        Message = delivery;
        Extend(delivery.ReceivedAt);
        return true;
    }

    /// <summary>Ends the work at once, unless what was said of the receipt no longer matters because a later delivery replaced it.</summary>
    internal void Lose(string? receipt = null)
    {
        if (receipt is null || receipt == Message.ReceiptHandle)
        {
            Try(_lost.Cancel);
        }
    }

    /// <summary>Ends the work while the message is still ours to hand over.</summary>
    internal void End() => Try(_end.Cancel);

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (ObjectDisposedException)
        {
            // The bake ended in this very moment.
        }
    }
}
