using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace BakeWorker.Board.Live;

/// <summary>
/// Tells every open page when there is something new, by server-sent events: one loop for all of them, which rests while nobody listens. A page
/// that reads slowly misses what it could not take and gets the latest; one that reads nothing at all is dropped.
/// </summary>
internal sealed class LiveUpdates(BoardView view, TimeProvider time)
{
    /// <summary>Listeners at a time; more are asked to come back.</summary>
    public const int MostClients = 64;

    private const string Stream = "text/event-stream; charset=utf-8";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Comment = Encoding.UTF8.GetBytes(": still here\n\n");

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Channel<byte[]>, byte> _clients = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Writes events to this client until it goes away or <paramref name="stopping"/>.</summary>
    public async Task ServeAsync(HttpContext context, CancellationToken stopping)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            // Whoever only asks what there is must not take a listener's place.
            context.Response.ContentType = Stream;
            return;
        }

        var inbox = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        if (!Join(inbox))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "30";
            return;
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            context.Response.ContentType = Stream;
            inbox.Writer.TryWrite(await NewsAsync(end.Token));
            await foreach (var message in inbox.Reader.ReadAllAsync(end.Token))
            {
                await WriteAsync(context, message, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The client went away, the worker stops, or the client takes nothing any more.
            context.Abort();
        }
        finally
        {
            _clients.TryRemove(inbox, out _);
        }
    }

    private bool Join(Channel<byte[]> inbox)
    {
        lock (_gate)
        {
            if (_clients.Count >= MostClients)
            {
                return false;
            }

            _clients[inbox] = 0;
            if (_loop.IsCompleted)
            {
                using var nobodys = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
                _loop = Task.Run(TellAsync);
            }

            return true;
        }
    }

    private async Task WriteAsync(HttpContext context, byte[] message, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(WritePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await context.Response.Body.WriteAsync(message, either.Token);
        await context.Response.Body.FlushAsync(either.Token);
    }

    private async Task TellAsync()
    {
        var (told, toldAt) = ((0L, (DateTimeOffset?)null), time.GetTimestamp());
        while (HasClients())
        {
            await Task.Delay(Beat, time);
            var overview = await view.OverviewAsync(CancellationToken.None);
            var news = (overview.Version, overview.SeenAt);
            // What runs gets longer, though nothing else happens.
            if (news != told || overview.Active > 0)
            {
                (told, toldAt) = (news, time.GetTimestamp());
                Send(Message(overview));
            }
            else if (time.GetElapsedTime(toldAt) >= Heartbeat)
            {
                toldAt = time.GetTimestamp();
                Send(Comment);
            }
        }
    }

    // Under the gate, so that a client that comes just now finds the loop ended, or is seen by it.
    private bool HasClients()
    {
        lock (_gate)
        {
            if (_clients.IsEmpty)
            {
                _loop = Task.CompletedTask;
                return false;
            }

            return true;
        }
    }

    private void Send(byte[] message)
    {
        foreach (var inbox in _clients.Keys)
        {
            inbox.Writer.TryWrite(message);
        }
    }

    private async Task<byte[]> NewsAsync(CancellationToken ct) => Message(await view.OverviewAsync(ct));

    private static byte[] Message(Overview overview)
    {
        var tick = new Tick(overview.Version, overview.Now, overview.Active, overview.Queue?.Waiting);
        return Encoding.UTF8.GetBytes(
            $"event: changed\nid: {overview.Version}\ndata: {JsonSerializer.Serialize(tick, LiveJson.Default.Tick)}\n\n"
        );
    }
}
