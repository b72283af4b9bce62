using System.Globalization;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>One queue: its attributes and its messages in the order of their arrival. Used under the account's gate.</summary>
internal sealed class Queue
{
    private static readonly TimeSpan TotalVisibility = TimeSpan.FromHours(12);
    private readonly Dictionary<string, string> _attributes;
    private readonly List<StoredMessage> _messages = [];

    public Queue(string id, string name, string region, string accountId, DateTimeOffset createdAt)
    {
        (Id, Name, Region, AccountId, CreatedAt, ModifiedAt) = (id, name, region, accountId, createdAt, createdAt);
        _attributes = AttributeRules.Defaults(IsFifo);
    }

    /// <summary>Tells a queue from its predecessor of the same name.</summary>
    public string Id { get; }
    public string Name { get; }
    public string Region { get; }
    public string AccountId { get; }
    public DateTimeOffset CreatedAt { get; }
    public DateTimeOffset ModifiedAt { get; private set; }
    public string Arn => $"arn:aws:sqs:{Region}:{AccountId}:{Name}";
    public bool IsFifo => Name.EndsWith(".fifo", StringComparison.Ordinal);
    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    public Deduplication Deduplication { get; } = new();
    public DateTimeOffset? PurgedAt { get; private set; }

    /// <summary>Open long polls, the longest waiting first.</summary>
    public List<Poll> Polls { get; } = [];

    /// <summary>When the timeline looks at this queue next for its polls.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    public IReadOnlyDictionary<string, string> Attributes => _attributes;
    public IReadOnlyList<StoredMessage> Messages => _messages;
    public RedrivePolicy? Redrive => RedrivePolicy.Parse(Attribute("RedrivePolicy"));

    public string? Attribute(string name) => _attributes.GetValueOrDefault(name);

    public int Number(string name) => int.Parse(_attributes[name], CultureInfo.InvariantCulture);

    /// <summary>Sets checked attributes; an empty value takes the attribute away.</summary>
    public void SetAttributes(IEnumerable<KeyValuePair<string, string>> values, DateTimeOffset now)
    {
        foreach (var (name, value) in values)
        {
            if (value.Length == 0)
            {
                _attributes.Remove(name);
            }
            else
            {
                _attributes[name] = value;
            }
        }

        ModifiedAt = now;
    }

    public void Add(StoredMessage message) => _messages.Add(message);

    public void PutLast(StoredMessage message)
    {
        Remove(message);
        Add(message);
    }

    public void Remove(StoredMessage message) => _messages.Remove(message);

    public void Purge(DateTimeOffset now)
    {
        _messages.Clear();
        PurgedAt = now;
    }

    public void Expire(DateTimeOffset now)
    {
        var oldest = now - TimeSpan.FromSeconds(Number("MessageRetentionPeriod"));
        _messages.RemoveAll(message => message.SentAt <= oldest);
    }

    /// <summary>
    /// Receives up to <paramref name="max"/> messages. A message that was received too often goes to <paramref name="deadLetters"/> instead.
    /// </summary>
    public List<StoredMessage> Take(int max, TimeSpan visibility, DateTimeOffset now, Queue? deadLetters)
    {
        Expire(now);
        var limit = deadLetters is null ? int.MaxValue : Redrive!.MaxReceiveCount;
        var taken = new List<StoredMessage>();
        var dead = new List<StoredMessage>();
        // A FIFO group waits as a whole while any earlier message of it is hidden.
        var blocked = new HashSet<string>();
        foreach (var message in _messages)
        {
            if (taken.Count == max)
            {
                break;
            }

            if (message.VisibleAt > now)
            {
                blocked.Add(message.GroupId ?? "");
            }
            else if (IsFifo && blocked.Contains(message.GroupId ?? ""))
            {
                continue;
            }
            else if (message.ReceivesHere >= limit)
            {
                dead.Add(message);
            }
            else
            {
                message.Receive(now, visibility);
                taken.Add(message);
            }
        }

        foreach (var message in dead)
        {
            _messages.Remove(message);
            message.DieFrom(this, now);
            deadLetters!.Add(message);
        }

        return taken;
    }

    /// <summary>Deletes the message if the handle is of its latest receive; an older handle succeeds without deleting, as AWS has it.</summary>
    public void Delete(string? handle, DateTimeOffset now)
    {
        var receipt = ReceiptHandle.Parse(handle, this);
        var message = Find(receipt.MessageId);
        if (message is null || message.ReceivesHere != receipt.Receive)
        {
            return;
        }

        if (IsFifo && !message.IsInFlight(now))
        {
            throw SqsErrors.InvalidValue("ReceiptHandle", handle!, "The receipt handle has expired.");
        }

        _messages.Remove(message);
    }

    /// <summary>Hides the received message for the time from now, within twelve hours of its receive.</summary>
    public void ChangeVisibility(string? handle, int? seconds, DateTimeOffset now)
    {
        var receipt = ReceiptHandle.Parse(handle, this);
        var timeout = seconds ?? throw SqsErrors.Missing("VisibilityTimeout");
        if (timeout is < 0 or > 43_200)
        {
            throw SqsErrors.InvalidValue("VisibilityTimeout", timeout, "VisibilityTimeout must be an integer between 0 and 43200.");
        }

        var message = Find(receipt.MessageId);
        if (message is null || message.ReceivesHere != receipt.Receive)
        {
            throw SqsErrors.NotAvailable(handle!);
        }

        if (!message.IsInFlight(now))
        {
            throw new Protocols.CloudException("MessageNotInflight", "The message referred to is not in flight.");
        }

        if (now + TimeSpan.FromSeconds(timeout) > message.LastReceivedAt + TotalVisibility)
        {
            throw SqsErrors.InvalidValue(
                "VisibilityTimeout",
                timeout,
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
            );
        }

        message.VisibleAt = now + TimeSpan.FromSeconds(timeout);
    }

    public StoredMessage? Find(string messageId) => _messages.Find(message => message.MessageId == messageId);
}
