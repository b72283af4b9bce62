using System.Collections.Concurrent;

namespace BakeWorker.Testing;

/// <summary>A worker's way to AWS: records what went over it, and can be cut, whole or for one service.</summary>
public sealed class Line(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private readonly ConcurrentQueue<RecordedCall> _calls = new();

    /// <summary>Which calls (service, action) hang until their caller gives up.</summary>
    public Func<string, string, bool> Hangs { get; set; } = (_, _) => false;

    /// <summary>Which calls (service, action) fail at once.</summary>
    public Func<string, string, bool> Breaks { get; set; } = (_, _) => false;

    /// <summary>Calls that were answered, in the order of their answers.</summary>
    public IReadOnlyList<RecordedCall> Calls => [.. _calls];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var service = request.RequestUri!.Host.Split('.')[0];
        var action = await RecordedCalls.ActionAsync(request, cancellationToken).ConfigureAwait(false);
        if (Breaks(service, action))
        {
            throw new HttpRequestException("The line is cut.");
        }

        if (Hangs(service, action))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        _calls.Enqueue(new RecordedCall(time.GetUtcNow(), service, action, (int)response.StatusCode));
        return response;
    }
}
