namespace BakeWorker.LocalCloud.Sqs;

/// <summary>What a FIFO queue remembers for five minutes: the messages it accepted, and the receives it can repeat.</summary>
internal sealed class Deduplication
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, (DateTimeOffset Until, StoredMessage Message)> _accepted = [];
    private readonly Dictionary<string, (DateTimeOffset Until, List<(StoredMessage Message, int Receive)> Taken)> _attempts = [];
    private long _sequence;

    /// <summary>Twenty digits, always growing.</summary>
    public string NextSequenceNumber() => $"188{++_sequence * 256:D17}";

    /// <summary>The message that was accepted under this key within the window; null when there was none.</summary>
    public StoredMessage? Find(string key, DateTimeOffset now) =>
        _accepted.TryGetValue(key, out var entry) && entry.Until > now ? entry.Message : null;

    public void Remember(string key, StoredMessage message, DateTimeOffset now)
    {
        foreach (var (old, entry) in _accepted)
        {
            if (entry.Until <= now)
            {
                _accepted.Remove(old);
            }
        }

        _accepted[key] = (now + Window, message);
    }

    /// <summary>The messages of an earlier receive with the same attempt id, if every one is still exactly as that receive left it.</summary>
    public List<StoredMessage>? Repeat(string attemptId, TimeSpan visibility, Queue queue, DateTimeOffset now)
    {
        if (
            !_attempts.TryGetValue(attemptId, out var attempt)
            || attempt.Until <= now
            || !attempt.Taken.TrueForAll(item =>
                item.Message.ReceivesHere == item.Receive && item.Message.IsInFlight(now) && queue.Find(item.Message.MessageId) is not null
            )
        )
        {
            return null;
        }

        attempt.Taken.ForEach(item => item.Message.VisibleAt = now + visibility);
        return attempt.Taken.ConvertAll(item => item.Message);
    }

    public void RememberAttempt(string attemptId, List<StoredMessage> taken, DateTimeOffset now) =>
        _attempts[attemptId] = (now + Window, taken.ConvertAll(message => (message, message.ReceivesHere)));
}
