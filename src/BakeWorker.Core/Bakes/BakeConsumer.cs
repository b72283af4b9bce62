using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// Takes requests from the queue and settles each message by how its bake ended. This is the only place where an outcome meets the queue:
/// final: tell the requester, delete; transient: visible again later; stopping: visible at once, another worker continues; lease lost: leave it.
/// </summary>
public sealed class BakeConsumer(
    IBakeQueue queue,
    BakeIntake intake,
    FanOut fanOut,
    BakeRunner runner,
    Leases leases,
    Turns turns,
    BakeMetrics metrics,
    ConsumerOptions options,
    ReceiveWatch watch,
    IBakeObserver observer,
    TimeProvider time,
    ILogger<BakeConsumer> logger
)
{
    /// <summary>Receives until stopped, then waits until every bake in work has handed its message over.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var done = new CancellationTokenSource();
        var room = new Turnstile(options.Concurrency, queue.HasNightly ? options.Weight : null);
        var heartbeat = leases.KeepAsync(done.Token);
        Lane[] lanes = queue.HasNightly ? [Lane.Requests, Lane.Nightly] : [Lane.Requests];
        await Task.WhenAll(lanes.Select(lane => ServeAsync(lane, room, stopping)));
        await done.CancelAsync();
        await heartbeat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Carries one message to its settlement. What is not settled is delivered again when its visibility ends.</summary>
    public async Task HandleAsync(QueueMessage message, CancellationToken stopping)
    {
        try
        {
            using var lease = leases.Hold(message, stopping);
            if (lease is not null)
            {
                await HandleAsync(lease);
            }
        }
        catch (BakeFailedException failure)
        {
            metrics.SystemFailed("queue", failure.Code);
            Log.NotSettled(logger, message.MessageId, failure.Message);
        }
        catch (OperationCanceledException)
        {
            Log.LeaseLost(logger, message.MessageId);
        }
        catch (Exception exception)
        {
            metrics.SystemFailed("worker", exception.GetType().Name);
            Log.Broke(logger, message.MessageId, exception);
        }
    }

    private async Task ServeAsync(Lane lane, Turnstile room, CancellationToken stopping)
    {
        Log.Listening(logger, queue.NameOf(lane), options.Concurrency);
        var working = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            working.RemoveAll(task => task.IsCompleted);
            await ReceiveAsync(lane, room, working, stopping);
        }

        await Task.WhenAll(working);
    }

    // Room comes before messages: a message that waits in this process is one that another worker could have had.
    private async Task ReceiveAsync(Lane lane, Turnstile room, List<Task> working, CancellationToken stopping)
    {
        var (taken, unused) = (0, 0);
        // Ready is who can take the requests that somebody waits for.
        var watched = lane == Lane.Requests ? watch : null;
        try
        {
            taken = unused = await room.TakeAsync(lane, IBakeQueue.MaxBatch, stopping);
            stopping.ThrowIfCancellationRequested();
            var isShared = queue.HasNightly && room.IsShort;
            watched?.Began();
            var messages = await queue.ReceiveAsync(lane, glance: isShared, taken, options.Visibility, stopping);
            watched?.Succeeded();
            foreach (var message in messages)
            {
                working.Add(WorkAsync(message));
                unused--;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (BakeFailedException failure)
        {
            watched?.Failed(failure.Message);
            metrics.SystemFailed("queue", failure.Code);
            Log.ReceiveFailed(logger, queue.NameOf(lane), failure.Message);
            await Task.Delay(TimeSpan.FromSeconds(5), time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        finally
        {
            if (unused > 0)
            {
                room.ReturnUnused(lane, unused, gotNone: unused == taken);
            }
        }

        async Task WorkAsync(QueueMessage message)
        {
            await HandleAsync(message, stopping);
            room.Return();
        }
    }

    private async Task HandleAsync(Lease lease)
    {
        Bake? bake = null;
        try
        {
            // The last poll of a worker that stops may still bring something.
            lease.Token.ThrowIfCancellationRequested();
            var request = intake.Read(lease.Message);
            if (request.IsForMany)
            {
                await SpreadAsync(request, lease);
                return;
            }

            bake = await intake.AcceptAsync(queue.NameOf(lease.Message.Lane), lease.Message, request, lease.Token);
            await BakeAsync(bake, lease);
        }
        catch (InvalidRequestException invalid)
        {
            Log.Refused(logger, lease.Message.MessageId, invalid.Failure.Code, invalid.Failure.Message);
            await TellAsync(invalid.Result, invalid.ReplyTo, lease.Lost);
            if (!await queue.BuryAsync(lease.Message, invalid.Failure.Code, invalid.Failure.Message, CancellationToken.None))
            {
                await queue.RemoveAsync(lease.Message, CancellationToken.None);
            }
        }
        catch (BakeFailedException lasting) when (!lease.IsLost && lasting.Kind != FailureKind.Transient && !MayRetry(lease.Message))
        {
            // How it ended cannot be told, as when the results queue is gone: without an end the same bake would be done again and again.
            Log.GivenUp(logger, bake?.Id.Value ?? lease.Message.MessageId, lasting.Code, lasting.Message);
            if (!await queue.BuryAsync(lease.Message, lasting.Code, lasting.Message, CancellationToken.None))
            {
                await queue.ReleaseAsync(lease.Message, options.MaxRetryDelay, CancellationToken.None);
            }
        }
        catch (BakeFailedException transient) when (!lease.IsLost)
        {
            // The last call of a worker that stops may fail as well; that is no reason to wait.
            var delay = lease.Token.IsCancellationRequested
                ? TimeSpan.Zero
                : transient.RetryAfter ?? RetryDelay(lease.Message.ReceiveCount);
            Log.TriedAgain(logger, bake?.Id.Value ?? lease.Message.MessageId, delay, transient.Code, transient.Message);
            await queue.ReleaseAsync(lease.Message, delay, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!lease.IsLost)
        {
            Log.HandedOver(logger, bake?.Id.Value ?? lease.Message.MessageId);
            await queue.ReleaseAsync(lease.Message, TimeSpan.Zero, CancellationToken.None);
        }
    }

    private async Task SpreadAsync(BakeRequest many, Lease lease)
    {
        try
        {
            var requests = await fanOut.SendAsync(many, lease.Message, lease.Token);
            await TellAsync(intake.Spread(many, lease.Message, requests), many.ReplyTo, lease.Lost);
            await queue.RemoveAsync(lease.Message, CancellationToken.None);
        }
        catch (BakeFailedException failure) when (failure.Kind == FailureKind.Invalid)
        {
            throw intake.Refuse(many, lease.Message, failure);
        }
    }

    private async Task BakeAsync(Bake bake, Lease lease)
    {
        using var scope = BakeScope.Enter(logger, bake, "queue");
        Log.Accepted(logger, bake.Id, bake.Recipe.Name, bake.Request.RequestId, bake.Attempt);
        using var turn = await turns.TakeAsync(bake.Id, () => Log.Waits(logger, bake.Id, lease.Message.MessageId), lease.Token);
        metrics.Waited(bake.Recipe.Name, bake.StartedAt - (lease.Message.SentAt ?? bake.StartedAt));
        var result = await runner.RunAsync(bake, observer, MayRetry(lease.Message), lease.Token);
        using (BakeTrace.Around("send", "results", bake))
        {
            await TellAsync(result, bake.Request.ReplyTo, lease.Lost);
        }

        using (BakeTrace.Around("settle", queue.NameOf(lease.Message.Lane), bake))
        {
            await queue.RemoveAsync(lease.Message, CancellationToken.None);
        }

        Ended(bake.Id, result);
    }

    // Told before deleted: a requester may hear twice, never not at all. Told by the owner of the message only: an answer that was kept up until
    // after another worker's would be the one that is believed.
    private async Task TellAsync(BakeResult result, string? replyTo, CancellationToken lost)
    {
        var body = BakeResultWriter.Write(result);
        await queue.AnnounceAsync(body, result.BakeId, lost);
        try
        {
            if (replyTo is not null)
            {
                await queue.ReplyAsync(body, result.BakeId, replyTo, lost);
            }
        }
        catch (BakeFailedException failure) when (failure.Kind != FailureKind.Transient)
        {
            // A requester who has closed his queue must not keep his request alive.
            Log.NotTold(logger, result.BakeId, replyTo!, failure.Message);
        }
    }

    private void Ended(BakeId bake, BakeResult result)
    {
        var seconds = (result.FinishedAt - result.StartedAt).TotalSeconds;
        if (result.Failure is { } failure)
        {
            Log.EndedBadly(logger, bake, $"{result.Outcome}", failure.Code, seconds, failure.Message);
        }
        else
        {
            Log.Ended(logger, bake, $"{result.Outcome}", seconds);
        }
    }

    // Not from its sending: a request that waited for a free worker all night has had no try yet.
    private bool MayRetry(QueueMessage message) => time.GetUtcNow() - (message.FirstReceivedAt ?? message.ReceivedAt) < options.GiveUpAfter;

    private TimeSpan RetryDelay(int receiveCount)
    {
        var delay = options.RetryDelay * Math.Pow(2, Math.Min(receiveCount - 1, 20));
        return delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
    }
}
