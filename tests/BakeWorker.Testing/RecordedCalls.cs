using System.Collections.Concurrent;

namespace BakeWorker.Testing;

/// <summary>A call of the worker to AWS. <paramref name="Action"/> is <c>RunInstances</c>, <c>SendCommand</c>, or the path of a REST call.</summary>
public sealed record RecordedCall(DateTimeOffset At, string Service, string Action, int Status);

/// <summary>Every call that the worker made, in order.</summary>
public sealed class RecordedCalls(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private readonly ConcurrentQueue<RecordedCall> _calls = new();

    public IReadOnlyList<RecordedCall> All => [.. _calls];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (at, action) = (time.GetUtcNow(), await ActionAsync(request, cancellationToken).ConfigureAwait(false));
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        _calls.Enqueue(new RecordedCall(at, request.RequestUri!.Host.Split('.')[0], action, (int)response.StatusCode));
        return response;
    }

    /// <summary>What a request asks AWS for.</summary>
    public static async Task<string> ActionAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.Headers.TryGetValues("X-Amz-Target", out var target))
        {
            return target.Single().Split('.')[1];
        }

        if (request.RequestUri!.Host.StartsWith("s3.", StringComparison.Ordinal))
        {
            return request.Method == HttpMethod.Put ? "PutObject" : "GetObject";
        }

        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        return body.Split('&').FirstOrDefault(part => part.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..]
            ?? request.RequestUri.AbsolutePath;
    }
}
