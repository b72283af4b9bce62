namespace BakeWorker.Core.Bakes;

/// <summary>
/// Whether this worker can receive: what its consumer reports, and what follows for those who ask whether it is ready. A worker that has its hands
/// full does not receive either, and is ready all the same.
/// </summary>
public sealed class ReceiveWatch(TimeProvider time)
{
    /// <summary>A receive waits up to 20 seconds by itself; one that is open for so long does not get through.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset? _openSince;
    private DateTimeOffset? _receivedAt;
    private DateTimeOffset? _failedSince;
    private string? _failure;

    /// <summary>When a receive last got through; null before the first.</summary>
    public DateTimeOffset? ReceivedAt
    {
        get
        {
            lock (_gate)
            {
                return _receivedAt;
            }
        }
    }

    public void Began()
    {
        lock (_gate)
        {
            _openSince = time.GetUtcNow();
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            (_receivedAt, _openSince, _failedSince, _failure) = (time.GetUtcNow(), null, null, null);
        }
    }

    public void Failed(string reason)
    {
        lock (_gate)
        {
            (_openSince, _failure) = (null, reason);
            _failedSince ??= time.GetUtcNow();
        }
    }

    /// <summary>Why the worker cannot receive now, in one sentence; null when it can.</summary>
    public string? FindTrouble()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return this switch
            {
                { _failure: { } failure, _failedSince: { } since } =>
                    $"receiving from the queue has failed since {since:yyyy-MM-dd HH:mm:ss} UTC: {failure}",
                { _openSince: { } since } when now - since >= Patience =>
                    $"the queue has not answered a receive for {(now - since).TotalSeconds:0} s",
                { _receivedAt: null } => "nothing has been received from the queue yet",
                _ => null,
            };
        }
    }
}
