using BakeWorker.Core.Cloud;
using BakeWorker.Core.Waiting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>Keeps the visibility of all messages in work with one batched heartbeat, at a third of the visibility.</summary>
public sealed class Leases(IBakeQueue queue, ConsumerOptions options, TimeProvider time, ILogger<Leases> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lease> _held = [];

    private TimeSpan Beat => options.Visibility / 3;

    /// <summary>
    /// Holds the message until the lease is disposed. Null when its former delivery is still in work here: that work goes on under the new
    /// receipt, which is the only one SQS takes from now on.
    /// </summary>
    public Lease? Hold(QueueMessage message, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(message.MessageId, out var former) && former.TakeOver(message))
            {
                Log.TakenOver(logger, message.MessageId);
                return null;
            }

            return _held[message.MessageId] = new Lease(message, options.Visibility, time, LetGo, ct);
        }
    }

    /// <summary>Beats until cancelled.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Beat, time, ct);
            // A lease lives for two beats, so there is room for a second try, though not for a third.
            if (!await BeatAsync(ct))
            {
                await Task.Delay(Beat / 4, time, ct);
                await BeatAsync(ct);
            }
        }
    }

    /// <summary>One heartbeat; false when some messages could not be asked for.</summary>
    public async Task<bool> BeatAsync(CancellationToken ct)
    {
        foreach (var lease in Held())
        {
            if (lease.IsOverdue)
            {
                lease.Lose();
            }
            else if (lease.IsAtItsLimit)
            {
                Log.LeaseAtItsLimit(logger, lease.Message.MessageId);
                lease.End();
            }
        }

        var due = Held().Where(lease => !lease.IsLost && !lease.IsAtItsLimit);
        var kept = await Task.WhenAll(due.Chunk(IBakeQueue.MaxBatch).Select(some => ExtendAsync(some, ct)));
        return kept.All(isKept => isKept);
    }

    private async Task<bool> ExtendAsync(Lease[] leases, CancellationToken ct)
    {
        // A later delivery may replace a message at any moment: what was asked is what is answered.
        var asked = leases.Select(lease => (Lease: lease, lease.Message)).ToList();
        var (now, receipts) = (time.GetUtcNow(), asked.ToDictionary(one => one.Message.ReceiptHandle, one => one.Lease));
        try
        {
            Heartbeat? answer = null;
            await Within.TryAsync(
                Beat / 2,
                time,
                async within => answer = await queue.ExtendAsync([.. asked.Select(one => one.Message)], options.Visibility, within),
                ct
            );
            foreach (var receipt in answer?.Kept ?? [])
            {
                receipts[receipt].Extend(now);
            }

            foreach (var receipt in answer?.Gone ?? [])
            {
                receipts[receipt].Lose(receipt);
            }

            var open = leases.Length - (answer is null ? 0 : answer.Kept.Count + answer.Gone.Count);
            if (open > 0)
            {
                Log.HeartbeatFailed(logger, open, "SQS did not answer in time, or not for all of them");
            }

            return open == 0;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // Whatever it is, leases that nobody extends end by themselves.
            Log.HeartbeatFailed(logger, leases.Length, exception.Message);
            return false;
        }
    }

    private List<Lease> Held()
    {
        lock (_gate)
        {
            return [.. _held.Values];
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
