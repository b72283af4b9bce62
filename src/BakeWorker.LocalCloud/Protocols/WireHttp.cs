using Microsoft.AspNetCore.Http;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>Requests and answers as a web server has them.</summary>
internal static class WireHttp
{
    public static async Task<WireRequest> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        var headers = request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "";
        return new(request.Method, request.Path.Value ?? "/", query, headers, body.ToArray()) { Scheme = request.Scheme };
    }

    public static async Task WriteAsync(HttpContext context, WireResponse answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
