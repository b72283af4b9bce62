using System.Runtime.CompilerServices;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;

namespace BakeWorker.Checks;

/// <summary>The queues of the settings: whether they are there, and where messages go that can never be carried out.</summary>
internal sealed class QueueExam(IQueues queues, ConsumerOptions consumer)
{
    // Each deploy, lost machine and retry costs a receive; a good request must not run out of them on a bad day.
    private const int FewReceives = 20;
    private const string Mend = "give it a redrive policy with a maxReceiveCount of 100";

    /// <summary>A queue that only has to be there.</summary>
    public async IAsyncEnumerable<Check> PlainAsync(string setting, string name, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return await queues.FindAsync(name, ct) is null ? Missing(setting, name) : Check.Ok(setting, $"{name} is there");
    }

    /// <summary>A queue that requests are taken from. How long it hides what was received is not its own: the worker says so with each receive.</summary>
    public async IAsyncEnumerable<Check> RequestsAsync(string setting, string name, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await queues.FindAsync(name, ct) is not { } queue)
        {
            yield return Missing(setting, name);
            yield break;
        }

        yield return Judge(setting, queue);
        if (queue.DeadLetterQueue is { } dead && await queues.FindAsync(dead, ct) is null)
        {
            yield return Check.Fault(
                setting,
                $"the dead-letter queue {dead} of {name} is not there, so what should go there stays and comes back",
                $"create {dead}, or let the redrive policy of {name} name another"
            );
        }

        if (queue.Retention < consumer.GiveUpAfter)
        {
            yield return Check.Fault(
                setting,
                $"{name} forgets messages after {Texts.Age(queue.Retention)}, and requests are tried again for {Texts.Age(consumer.GiveUpAfter)}",
                "raise its MessageRetentionPeriod to four days, or lower Consumer:GiveUpAfter"
            );
        }
    }

    private static Check Judge(string setting, QueueView queue) =>
        queue switch
        {
            { DeadLetterQueue: null } => Check.Fault(
                setting,
                $"{queue.Name} has no dead-letter queue, so a request that ends every worker comes back for ever",
                Mend
            ),
            { MaxReceives: < FewReceives } => Check.Fault(
                setting,
                $"{queue.Name} gives a request up after {Texts.Count(queue.MaxReceives, "receive")}, and every deploy and retry costs one",
                Mend
            ),
            _ => Check.Ok(setting, $"{queue.Name} is there; after {queue.MaxReceives} receives a request goes to {queue.DeadLetterQueue}"),
        };

    private static Check Missing(string setting, string name) =>
        Check.Fault(setting, $"there is no queue {name} in this account and Region", $"create it, or name another in {setting}");
}
