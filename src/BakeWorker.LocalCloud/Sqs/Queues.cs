namespace BakeWorker.LocalCloud.Sqs;

/// <summary>The account's queues. Used under the gate.</summary>
internal sealed class Queues(LocalCloudAccount account)
{
    private static readonly TimeSpan NameRest = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(string Region, string Name), Queue> _queues = [];
    private readonly Dictionary<(string Region, string Name), DateTimeOffset> _deletedAt = [];

    public Queue? Find(string region, string name) => _queues.GetValueOrDefault((region, name));

    /// <summary>The queue behind a URL, whatever host the caller reaches this cloud by.</summary>
    public Queue Get(string region, string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            throw SqsErrors.Missing("QueueUrl");
        }

        var parts = url.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [.., { Length: 12 } owner, var name] || !owner.All(char.IsAsciiDigit))
        {
            throw new Protocols.CloudException("InvalidAddress", $"The address {url} is not valid for this endpoint.");
        }

        return (owner == account.Options.AccountId ? Find(region, name) : null) ?? throw SqsErrors.NoQueue();
    }

    public Queue? FindByArn(string? arn) =>
        arn?.Split(':') is ["arn", "aws", "sqs", var region, var owner, var name] && owner == account.Options.AccountId
            ? Find(region, name)
            : null;

    /// <summary>A Region's queues by name.</summary>
    public IEnumerable<Queue> In(string region) =>
        _queues.Values.Where(queue => queue.Region == region).OrderBy(queue => queue.Name, StringComparer.Ordinal);

    public IEnumerable<Queue> SourcesOf(Queue deadLetters) =>
        In(deadLetters.Region).Where(queue => queue.Redrive?.TargetArn == deadLetters.Arn);

    public Queue Create(string region, string name)
    {
        var now = account.Clock.Now;
        if (_deletedAt.TryGetValue((region, name), out var deletedAt) && deletedAt + NameRest > now)
        {
            throw new Protocols.CloudException(
                "QueueDeletedRecently",
                "You must wait 60 seconds after deleting a queue before you can create another with the same name."
            );
        }

        return new(account.NewUuid(), name, region, account.Options.AccountId, now);
    }

    public void Add(Queue queue) => _queues.Add((queue.Region, queue.Name), queue);

    public void Remove(Queue queue)
    {
        _queues.Remove((queue.Region, queue.Name));
        _deletedAt[(queue.Region, queue.Name)] = account.Clock.Now;
    }
}
