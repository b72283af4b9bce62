using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// Keeps the visibility of all messages in work with one batched heartbeat. A lease that cannot be kept is cancelled before its visibility
/// ends, that is, before another worker can own the message.
/// </summary>
public sealed class Leases(IBakeQueue queue, ConsumerOptions options, TimeProvider time, ILogger<Leases> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lease> _held = [];

    /// <summary>Holds the message until the lease is disposed. Its token is cancelled when the lease is lost.</summary>
    public Lease Hold(QueueMessage message, CancellationToken ct)
    {
        var lease = new Lease(message, message.ReceivedAt + options.Visibility, LetGo, ct);
        lock (_gate)
        {
            _held[message.MessageId] = lease;
        }

        return lease;
    }

    /// <summary>Beats until cancelled.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        var beat = options.Visibility / 3;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(beat, time, ct);
            await BeatAsync(ct);
        }
    }

    /// <summary>One heartbeat.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        var (held, now) = (Held(), time.GetUtcNow());
        if (held.Count == 0)
        {
            return;
        }

        try
        {
            var gone = await queue.ExtendAsync([.. held.Select(lease => lease.Message)], options.Visibility, ct);
            var lost = gone.Select(message => message.MessageId).ToHashSet();
            foreach (var lease in held)
            {
                if (lost.Contains(lease.Message.MessageId))
                {
                    Lose(lease);
                }
                else
                {
                    lease.ExpiresAt = now + options.Visibility;
                }
            }
        }
        catch (BakeFailedException exception)
        {
            Log.HeartbeatFailed(logger, held.Count, exception.Message);
        }

        // The next beat would come too late for these.
        foreach (var lease in held.Where(lease => lease.ExpiresAt - time.GetUtcNow() <= options.Visibility / 3))
        {
            Lose(lease);
        }
    }

    private List<Lease> Held()
    {
        lock (_gate)
        {
            return [.. _held.Values];
        }
    }

    private void Lose(Lease lease)
    {
        LetGo(lease);
        if (!lease.IsLost)
        {
            Log.LeaseLost(logger, lease.Message.MessageId);
            lease.Lose();
        }
    }

    private void LetGo(Lease lease)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(lease.Message.MessageId, out var current) && current == lease)
            {
                _held.Remove(lease.Message.MessageId);
            }
        }
    }
}

/// <summary>The right to work on a message.</summary>
public sealed class Lease : IDisposable
{
    private readonly CancellationTokenSource _lost;
    private readonly Action<Lease> _letGo;

    internal Lease(QueueMessage message, DateTimeOffset expiresAt, Action<Lease> letGo, CancellationToken ct)
    {
        (Message, ExpiresAt, _letGo) = (message, expiresAt, letGo);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Token = _lost.Token;
    }

    public QueueMessage Message { get; }
    public DateTimeOffset ExpiresAt { get; internal set; }
    public CancellationToken Token { get; }
    public bool IsLost { get; private set; }

    public void Dispose()
    {
        _letGo(this);
        _lost.Dispose();
    }

    internal void Lose()
    {
        IsLost = true;
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The bake ended in this very moment.
        }
    }
}
