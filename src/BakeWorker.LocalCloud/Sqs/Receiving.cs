using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>ReceiveMessage: at once, or as a long poll that ends when a message can be had.</summary>
internal sealed class Receiving(LocalCloudAccount account, Queues queues)
{
    private const int MaxInFlight = 120_000;

    private CloudClock Clock => account.Clock;

    public ValueTask<JsonObject> ReceiveAsync(Call call, JsonObject input, CancellationToken ct)
    {
        Poll poll;
        lock (account.Gate)
        {
            poll = Read(call, input);
            var messages = Take(poll);
            if (messages.Count > 0 || poll.Wait == TimeSpan.Zero)
            {
                return new(poll.View.Render(messages, poll.Queue));
            }

            poll.Queue.Polls.Add(poll);
            Clock.AfterReal(poll.Wait, () => End(poll, () => poll.Complete([])));
            ArmWake(poll.Queue);
        }

        return new(WaitAsync(poll, ct));
    }

    /// <summary>Gives the queue's open polls what can be had now. Call under the gate after anything that may show a message.</summary>
    public void Deliver(Queue queue)
    {
        while (queue.Polls.Count > 0)
        {
            var poll = queue.Polls[0];
            var messages = Take(poll);
            if (messages.Count == 0)
            {
                ArmWake(queue);
                return;
            }

            End(poll, () => poll.Complete(messages));
        }
    }

    /// <summary>Ends the polls of a queue that is deleted.</summary>
    public void EndAll(Queue queue)
    {
        foreach (var poll in queue.Polls.ToList())
        {
            End(poll, () => poll.Fail(SqsErrors.NoQueue()));
        }
    }

    private async Task<JsonObject> WaitAsync(Poll poll, CancellationToken ct)
    {
        await using var cancelled = ct.Register(() =>
        {
            lock (account.Gate)
            {
                poll.Queue.Polls.Remove(poll);
            }

            poll.Cancel(ct);
        });
        return await poll.Answer;
    }

    private List<StoredMessage> Take(Poll poll)
    {
        var queue = poll.Queue;
        var now = Clock.Now;
        if (poll.AttemptId is { } attempt && queue.Deduplication.Repeat(attempt, poll.Visibility, queue, now) is { } again)
        {
            return again;
        }

        var deadLetters = queues.FindByArn(queue.Redrive?.TargetArn);
        var dead = deadLetters?.Messages.Count;
        Reorder(queue, now);
        var taken = queue.Take(poll.Max, poll.Visibility, now, deadLetters);
        taken.ForEach(message => Disturb(queue, message, now));
        if (deadLetters is not null && deadLetters.Messages.Count != dead)
        {
            Deliver(deadLetters);
        }

        if (poll.AttemptId is not null && taken.Count > 0)
        {
            queue.Deduplication.RememberAttempt(poll.AttemptId, taken, now);
        }

        return taken;
    }

    // A standard queue promises neither order nor a single delivery; a FIFO queue promises both.
    private void Reorder(Queue queue, DateTimeOffset now)
    {
        if (
            !queue.IsFifo
            && queue.Messages.FirstOrDefault(message => message.VisibleAt <= now) is { } first
            && account.Faults.Find(FaultKind.MessageReordered, Subject(queue)) is not null
        )
        {
            queue.PutLast(first);
        }
    }

    private void Disturb(Queue queue, StoredMessage message, DateTimeOffset now)
    {
        if (queue.IsFifo)
        {
            return;
        }

        if (account.Faults.Find(FaultKind.MessageDuplicated, Subject(queue)) is not null)
        {
            message.VisibleAt = now;
        }
        else if (
            account.Faults.Find(FaultKind.VisibilityExpiredEarly, Subject(queue)) is { } early
            && now + early.After < message.VisibleAt
        )
        {
            message.VisibleAt = now + early.After;
        }
    }

    private static FaultSubject Subject(Queue queue) => new(queue.Region, "message", queue.Name);

    private void End(Poll poll, Action answer)
    {
        if (poll.Queue.Polls.Remove(poll))
        {
            Clock.Release(answer);
        }
    }

    private void ArmWake(Queue queue)
    {
        var now = Clock.Now;
        var next = queue.Messages.Where(message => message.VisibleAt > now).Select(message => (DateTimeOffset?)message.VisibleAt).Min();
        if (next is not { } due || (queue.WakeAt is { } armed && armed > now && armed <= due))
        {
            return;
        }

        queue.WakeAt = due;
        Clock.AfterReal(
            due - now,
            () =>
            {
                queue.WakeAt = null;
                Deliver(queue);
            }
        );
    }

    private Poll Read(Call call, JsonObject input)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var max = input.Int("MaxNumberOfMessages") ?? 1;
        if (max is < 1 or > 10)
        {
            throw SqsErrors.InvalidValue("MaxNumberOfMessages", max, "Must be between 1 and 10, if provided.");
        }

        var wait = input.Int("WaitTimeSeconds") ?? queue.Number("ReceiveMessageWaitTimeSeconds");
        if (wait is < 0 or > 20)
        {
            throw SqsErrors.InvalidValue("WaitTimeSeconds", wait, "Must be >= 0 and <= 20, if provided.");
        }

        var visibility = input.Int("VisibilityTimeout") ?? queue.Number("VisibilityTimeout");
        if (visibility is < 0 or > 43_200)
        {
            throw SqsErrors.InvalidValue("VisibilityTimeout", visibility, "Must be >= 0 and <= 43200, if provided.");
        }

        var attempt = input.String("ReceiveRequestAttemptId");
        if (attempt is not null && !queue.IsFifo)
        {
            throw SqsErrors.InvalidValue(
                "ReceiveRequestAttemptId",
                attempt,
                "The request include parameter that is not valid for this queue type."
            );
        }

        if (
            !queue.IsFifo
            && queue.Messages.Count >= MaxInFlight
            && queue.Messages.Count(message => message.IsInFlight(Clock.Now)) >= MaxInFlight
        )
        {
            throw new CloudException("OverLimit", $"Too many messages in flight: {MaxInFlight} is the limit of a queue.", 403);
        }

        return new(queue, max, TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(visibility), attempt, MessageView.Read(input));
    }
}
