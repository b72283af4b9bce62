using System.Net;
using System.Text;

namespace BakeWorker.Aws.Tests;

/// <summary>A request as it left the SDK.</summary>
internal sealed record SentRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The action of a Query call.</summary>
    public string Action =>
        Body.Split('&').FirstOrDefault(part => part.StartsWith("Action=", StringComparison.Ordinal))?["Action=".Length..] ?? "";
}

/// <summary>A wire on which planned answers come first; what is not planned goes on to the cloud behind it.</summary>
internal sealed class Wire(HttpMessageHandler? cloud = null) : HttpMessageHandler
{
    private readonly HttpMessageInvoker? _cloud = cloud is null ? null : new HttpMessageInvoker(cloud);
    private readonly List<(
        Func<SentRequest, bool> Fits,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer
    )> _plans = [];

    public List<SentRequest> Sent { get; } = [];

    public Wire Answer(int status, string body, string contentType = "text/xml", params (string Name, string Value)[] headers) =>
        Plan(_ => true, (_, _) => Task.FromResult(Message(status, body, contentType, headers)));

    /// <summary>One answer for the next call of a Query action.</summary>
    public Wire AnswerTo(string action, int status, string body) =>
        Plan(sent => sent.Action == action, (_, _) => Task.FromResult(Message(status, body, "text/xml", [])));

    /// <summary>The next call of the action does not get through.</summary>
    public Wire Break(string action) => Plan(sent => sent.Action == action, (_, _) => throw new HttpRequestException("Connection refused"));

    /// <summary>The next call of the action has its effect, and its answer gets lost.</summary>
    public Wire LoseAnswerTo(string action) =>
        Plan(
            sent => sent.Action == action,
            async (request, ct) =>
            {
                using var lost = await _cloud!.SendAsync(request, ct);
                throw new HttpRequestException("Connection reset by peer");
            }
        );

    public Wire Hang() =>
        Plan(
            _ => true,
            async (_, ct) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                throw new InvalidOperationException("never");
            }
        );

    /// <summary>Drops the answers that nobody asked for.</summary>
    public void Forget() => _plans.Clear();

    public static string Ec2Error(string code, string message) =>
        $"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>req-1</RequestID></Response>";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>());
        var sent = new SentRequest(
            request.Method.Method,
            request.RequestUri!,
            headers.ToDictionary(pair => pair.Key, pair => string.Join(",", pair.Value), StringComparer.OrdinalIgnoreCase),
            body
        );
        Sent.Add(sent);
        var plan = _plans.FindIndex(plan => plan.Fits(sent));
        if (plan < 0)
        {
            return _cloud is null
                ? throw new InvalidOperationException($"No answer planned for {sent.Uri} {body}")
                : await _cloud.SendAsync(request, cancellationToken);
        }

        var answer = _plans[plan].Answer;
        _plans.RemoveAt(plan);
        return await answer(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _cloud?.Dispose();
        base.Dispose(disposing);
    }

    private Wire Plan(Func<SentRequest, bool> fits, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _plans.Add((fits, answer));
        return this;
    }

    private static HttpResponseMessage Message(int status, string body, string contentType, (string Name, string Value)[] headers)
    {
        var message = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
