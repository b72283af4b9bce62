using System.Net;
using System.Net.Http.Headers;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud;

/// <summary>Carries requests to a <see cref="LocalCloud"/> in the caller's own turn: no thread and no queue lies between.</summary>
internal sealed class InMemoryHandler(LocalCloud cloud) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // An answer that comes later (a long poll) must go on in the turn that brings it, not through the caller's context and back.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return AnswerAsync(request, cancellationToken);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var uri = request.RequestUri!;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Copy(request.Headers, headers);
        byte[] body = [];
        if (request.Content is { } content)
        {
            Copy(content.Headers, headers);
            body = await content.ReadAsByteArrayAsync(ct);
        }

        headers.TryAdd("Host", uri.Authority);
        var wire = new WireRequest(request.Method.Method, uri.AbsolutePath, uri.Query.TrimStart('?'), headers, body)
        {
            Scheme = uri.Scheme,
        };
        try
        {
            return ToMessage(await cloud.HandleAsync(wire, ct), request);
        }
        catch (ConnectionDroppedException dropped)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, dropped.Message, dropped);
        }
    }

    private static HttpResponseMessage ToMessage(WireResponse answer, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(answer.Body),
        };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static void Copy(HttpHeaders from, Dictionary<string, string> to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            to[name] = string.Join(",", values);
        }
    }
}
