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
    BakeRunner runner,
    Leases leases,
    BakeMetrics metrics,
    ConsumerOptions options,
    IBakeObserver observer,
    TimeProvider time,
    ILogger<BakeConsumer> logger
)
{
    private const int MaxBatch = 10;

    /// <summary>Receives until stopped, then waits until every bake in work has handed its message over.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Log.Listening(logger, queue.Name, options.Concurrency);
        using var done = new CancellationTokenSource();
        using var permits = new SemaphoreSlim(options.Concurrency);
        var heartbeat = leases.KeepAsync(done.Token);
        var working = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            working.RemoveAll(task => task.IsCompleted);
            await ReceiveAsync(permits, working, stopping);
        }

        await Task.WhenAll(working);
        await done.CancelAsync();
        await heartbeat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Carries one message to its settlement.</summary>
    public async Task HandleAsync(QueueMessage message, CancellationToken stopping)
    {
        try
        {
            using var lease = leases.Hold(message, stopping);
            await BakeAsync(lease, stopping);
        }
        catch (BakeFailedException failure)
        {
            // The visibility runs out by itself and the next attempt settles it.
            Log.NotSettled(logger, message.MessageId, failure.Message);
        }
        catch (OperationCanceledException)
        {
            Log.NotSettled(logger, message.MessageId, "the worker stops");
        }
    }

    // Permits come before messages: a message that waits in this process is one that another worker could have had.
    private async Task ReceiveAsync(SemaphoreSlim permits, List<Task> working, CancellationToken stopping)
    {
        var taken = 0;
        try
        {
            await permits.WaitAsync(stopping);
            for (taken = 1; taken < MaxBatch && await permits.WaitAsync(TimeSpan.Zero, CancellationToken.None); )
            {
                taken++;
            }

            foreach (var message in await queue.ReceiveAsync(taken, options.Visibility, stopping))
            {
                working.Add(WorkAsync(message));
                taken--;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (BakeFailedException failure)
        {
            Log.ReceiveFailed(logger, queue.Name, failure.Message);
            await Task.Delay(TimeSpan.FromSeconds(5), time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        finally
        {
            if (taken > 0)
            {
                permits.Release(taken);
            }
        }

        async Task WorkAsync(QueueMessage message)
        {
            await HandleAsync(message, stopping);
            permits.Release();
        }
    }

    private async Task BakeAsync(Lease lease, CancellationToken stopping)
    {
        var message = lease.Message;
        Bake bake;
        try
        {
            bake = await intake.AcceptAsync(queue.Name, message, lease.Token);
        }
        catch (InvalidRequestException invalid)
        {
            Log.Refused(logger, message.MessageId, invalid.Failure.Code, invalid.Failure.Message);
            await queue.ReplyAsync(BakeResultWriter.Write(invalid.Result), invalid.Result.BakeId, invalid.ReplyTo, stopping);
            await queue.BuryAsync(message, invalid.Failure.Code, invalid.Failure.Message, stopping);
            return;
        }

        Log.Accepted(logger, bake.Id, bake.Recipe.Name, bake.Request.RequestId, bake.Attempt);
        metrics.Waited(bake.Recipe.Name, bake.StartedAt - (message.SentAt ?? bake.StartedAt));
        try
        {
            var result = await runner.RunAsync(bake, observer, MayRetry(message), lease.Token);
            await SettleAsync(bake, message, result);
        }
        catch (BakeFailedException transient)
        {
            var delay = RetryDelay(message.ReceiveCount);
            Log.TriedAgain(logger, bake.Id, delay, transient.Code, transient.Message);
            await queue.ReleaseAsync(message, delay, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!lease.IsLost)
        {
            Log.HandedOver(logger, bake.Id);
            await queue.ReleaseAsync(message, TimeSpan.Zero, CancellationToken.None);
        }
    }

    // Told before deleted: a requester may hear twice, never not at all.
    private async Task SettleAsync(Bake bake, QueueMessage message, BakeResult result)
    {
        await queue.ReplyAsync(BakeResultWriter.Write(result), result.BakeId, bake.Request.ReplyTo, CancellationToken.None);
        await queue.RemoveAsync(message, CancellationToken.None);
        var seconds = (result.FinishedAt - result.StartedAt).TotalSeconds;
        if (result.Failure is { } failure)
        {
            Log.EndedBadly(logger, bake.Id, $"{result.Outcome}", failure.Code, seconds, failure.Message);
        }
        else
        {
            Log.Ended(logger, bake.Id, $"{result.Outcome}", seconds);
        }
    }

    private bool MayRetry(QueueMessage message) => time.GetUtcNow() - (message.SentAt ?? message.ReceivedAt) < options.GiveUpAfter;

    private TimeSpan RetryDelay(int receiveCount)
    {
        var delay = options.RetryDelay * Math.Pow(2, Math.Min(receiveCount - 1, 20));
        return delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
    }
}
