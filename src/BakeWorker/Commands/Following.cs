using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;

namespace BakeWorker.Commands;

/// <summary>Tells how far a bake is while its requester waits: what the account shows of it, since its worker may be anywhere.</summary>
internal sealed class Following(ICloud cloud, Terminal terminal, TimeProvider time, TimeSpan every)
{
    public async Task<T> WhileAsync<T>(BakeId bake, Func<Task<T>> wait, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var telling = TellAsync(bake, end.Token);
        try
        {
            return await wait();
        }
        finally
        {
            await end.CancelAsync();
            // How it ended is nobody's business any more.
            await Task.WhenAny(telling);
        }
    }

    private async Task TellAsync(BakeId bake, CancellationToken ct)
    {
        var (start, said) = (time.GetTimestamp(), (string?)null);
        while (true)
        {
            try
            {
                if (await FindStateAsync(bake, ct) is { } state && state != said)
                {
                    terminal.Say($"{Texts.Clock(time.GetElapsedTime(start))}  {state}");
                    said = state;
                }
            }
            catch (BakeFailedException failure) when (failure.IsMissingPermission())
            {
                // Who may only ask gets the answer alone.
                return;
            }
            catch (BakeFailedException)
            {
                // The answer comes another way; the next look may get through again.
            }

            await Task.Delay(every, time, ct);
        }
    }

    private async Task<string?> FindStateAsync(BakeId bake, CancellationToken ct)
    {
        var instances = await cloud.Home.Instances.ListAsync(bake, ct);
        return SeenBake.From(instances, await cloud.Home.Images.ListAsync(bake, ct)) is [var seen, ..] ? seen.State : null;
    }
}
