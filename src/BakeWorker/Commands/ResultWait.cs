using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;

namespace BakeWorker.Commands;

/// <summary>
/// Waits for the result of one request: in a queue of its own where the caller may open one, else among everybody's in the results queue.
/// </summary>
internal sealed class ResultWait(IQueues queues, string? resultsQueue, Terminal terminal, TimeProvider time, Random random)
{
    /// <summary>What the names of the queues begin with that are opened for one wait.</summary>
    public const string ReplyQueues = "bakeworker-reply-";

    private static readonly TimeSpan LookingAt = TimeSpan.FromSeconds(30);

    // Others look for theirs in the same queue, and a result that was put back is received again at once.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public async Task<BakeResult> SendAndWaitAsync(
        BakeRequest request,
        Func<BakeRequest, Task> send,
        TimeSpan patience,
        CancellationToken ct
    )
    {
        var bake = BakeId.For(request.Recipe, request.RequestId).Value;
        var own = await OpenAsync(bake, ct);
        try
        {
            await send(request with { ReplyTo = own });
            using var limit = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
            try
            {
                return await FindAsync(own ?? resultsQueue!, bake, isOwn: own is not null, either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw new BakeFailedException(
                    FailureKind.Failed,
                    FailureCodes.StageTimedOut,
                    $"No result of {bake} came within {Texts.Age(patience)}; it may still come, 'bakeworker status {bake}' shows how far it is."
                );
            }
        }
        finally
        {
            if (own is not null)
            {
                await CloseAsync(own);
            }
        }
    }

    // How the bake ended matters more than what its answer came by.
    private async Task CloseAsync(string own)
    {
        try
        {
            await queues.RemoveAsync(own, CancellationToken.None);
        }
        catch (BakeFailedException failure)
        {
            terminal.Say($"{own} stays behind: {failure.Message}");
        }
    }

    private async Task<string?> OpenAsync(string bake, CancellationToken ct)
    {
        try
        {
            // Whoever sends the same request again waits in a queue of their own: SQS keeps the name of one that has just been removed.
            return await queues.EnsureAsync($"{ReplyQueues}{bake}-{random.Next():x8}", null, 0, ct);
        }
        catch (BakeFailedException failure) when (failure.Code == FailureCodes.AwsDenied && !string.IsNullOrEmpty(resultsQueue))
        {
            return null;
        }
    }

    private async Task<BakeResult> FindAsync(string queue, string bake, bool isOwn, CancellationToken ct)
    {
        while (true)
        {
            BakeResult? found = null;
            foreach (var message in await queues.ReceiveAsync(queue, LookingAt, ct))
            {
                if (BakeResultReader.Read(message.Body) is { } result && result.BakeId == bake)
                {
                    found = result;
                    await queues.RemoveMessageAsync(queue, message, ct);
                }
                else
                {
                    await queues.ReleaseMessageAsync(queue, message, ct);
                }
            }

            if (found is not null)
            {
                return found;
            }

            if (!isOwn)
            {
                await Task.Delay(BetweenLooks, time, ct);
            }
        }
    }
}
