using System.Net;
using System.Net.Sockets;
using BakeWorker.LocalCloud.Guests.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>
/// The only way out of machines: an HTTP proxy that knows package mirrors, and the hosts that the operator allows besides. What is asked of
/// Debian's own mirrors is fetched the way this machine fetches its packages.
/// </summary>
internal sealed class PackageProxy : IDisposable
{
    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Transfer-Encoding",
        "TE",
        "Trailer",
        "Upgrade",
        "Host",
    };

    private readonly MirrorMap _map;
    private readonly HttpMessageInvoker _http;
    private readonly ProxyTunnel _tunnel;

    public PackageProxy(MirrorMap map)
    {
        _map = map;
        _tunnel = new ProxyTunnel(map);
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                // A mirror may send us on to where it has its files; that is its own business.
                AllowAutoRedirect = true,
                UseCookies = false,
                UseProxy = map.HttpProxy is not null || map.HttpsProxy is not null,
                Proxy = map,
                ConnectTimeout = TimeSpan.FromSeconds(30),
                SslOptions = { CertificateChainPolicy = map.Trust },
                ConnectCallback = async (context, ct) => await map.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
            }
        );
    }

    /// <summary>Takes <c>CONNECT</c> requests out of a connection, and leaves others to the server behind it.</summary>
    public ProxyTunnel Tunnel => _tunnel;

    /// <summary>Fetches a file for a machine.</summary>
    public async Task ForwardAsync(HttpContext context)
    {
        var asked = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var response = context.Response;
        if (!Uri.TryCreate(asked.RawTarget, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
        {
            await RefuseAsync(response, StatusCodes.Status400BadRequest, "This is a proxy: ask it for whole addresses.");
            return;
        }

        if (!HttpMethods.IsGet(asked.Method) && !HttpMethods.IsHead(asked.Method))
        {
            await RefuseAsync(response, StatusCodes.Status405MethodNotAllowed, "This proxy only fetches.");
            return;
        }

        if (!_map.Allows(target.Host))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, MirrorMap.Refusal(target.Host));
            return;
        }

        try
        {
            await FetchAsync(context, target);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException && !response.HasStarted)
        {
            await RefuseAsync(response, StatusCodes.Status502BadGateway, $"{target.Host} does not answer: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task FetchAsync(HttpContext context, Uri target)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), _map.Map(target));
        foreach (var (name, value) in context.Request.Headers.Where(header => !OfOneConnection.Contains(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }

        using var answer = await _http.SendAsync(request, context.RequestAborted);
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfOneConnection.Contains(header.Key)))
        {
            response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(response.Body, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpResponse response, int status, string why)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain";
        return response.WriteAsync(why + "\n");
    }
}
