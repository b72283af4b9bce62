using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Board.Cloud;

/// <summary>
/// Looks at the account for all browsers together: at most once in a while, and not at all while nobody asks. Who asks gets what was seen last,
/// unless there is nothing yet.
/// </summary>
internal sealed class AccountWatch(ICloud cloud, IBakeQueue queue, RecipeWatch recipes, TimeProvider time, ILogger<AccountWatch> logger)
{
    /// <summary>How old a sight may get before the next look begins.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(15);

    // Calls are repeated inside for longer than anybody waits for a page.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Sight _seen = Sight.None;
    private Task? _look;
    private long? _lookedAt;

    /// <summary>What was seen last, however long ago.</summary>
    public Sight Seen => Volatile.Read(ref _seen);

    public async Task<Sight> LookAsync(CancellationToken ct)
    {
        var look = Begin();
        if (Seen.At is null)
        {
            await Task.WhenAny(look, Task.Delay(Patience, time, ct));
        }

        return Seen;
    }

    private Task Begin()
    {
        lock (_gate)
        {
            var isDue = _lookedAt is not { } last || time.GetElapsedTime(last) >= Age;
            if (isDue && _look is null or { IsCompleted: true })
            {
                _lookedAt = time.GetTimestamp();
                // Shared by all, so nobody's in particular: neither a request's span nor its cancellation may reach it.
                using var nobodys = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
                _look = Task.Run(ReadAsync);
            }

            return _look ?? Task.CompletedTask;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var images = await cloud.Home.Images.ListAsync(null, CancellationToken.None);
            var bakes = SeenBake.From(await cloud.Home.Instances.ListAsync(CancellationToken.None), images);
            var current = await recipes.ReadAsync(images, CancellationToken.None);
            var (depth, trouble) = await ReadDepthAsync();
            var now = time.GetUtcNow();
            Volatile.Write(
                ref _seen,
                new Sight
                {
                    At = now,
                    Bakes = bakes,
                    Told = [.. bakes.Select(bake => SeenBakes.ToBoard(bake, now))],
                    Images = images,
                    Recipes = current,
                    Queue = depth,
                    Trouble = trouble,
                }
            );
        }
        catch (Exception exception)
        {
            // Whatever it is, a board that shows what was seen before is better than none.
            var trouble = exception is BakeFailedException ? exception.Message : "an unexpected error, see the worker's log";
            Log.LookFailed(logger, exception is BakeFailedException ? exception.Message : exception.ToString());
            Volatile.Write(ref _seen, Seen with { Trouble = Shown.Line(trouble) });
        }
    }

    // Bakes go on without their queue, and are worth seeing then more than ever.
    private async Task<(QueueDepth? Depth, string? Trouble)> ReadDepthAsync()
    {
        try
        {
            return (await queue.ReadDepthAsync(CancellationToken.None), null);
        }
        catch (BakeFailedException failure)
        {
            Log.LookFailed(logger, failure.Message);
            return (null, Shown.Line(failure.Message));
        }
    }
}
