using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BakeWorker.Board;

/// <summary>
/// What holds for every answer: only reading, only for those who asked for this machine by a name it has, and nothing that a browser could be
/// talked into. Without the check of the host, a page anywhere could read a board on loopback through a name of its own that it points there.
/// </summary>
internal static class ReadOnly
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    private static readonly string[] OfThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    public static void Install(IApplicationBuilder app, WebOptions options)
    {
        var hosts = Allowed(options);
        app.Use(next =>
            async context =>
            {
                Harden(context.Response.Headers);
                if (hosts is not null && !hosts.Contains(context.Request.Host.Host))
                {
                    await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This board is not known by that name.");
                }
                else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
                {
                    context.Response.Headers.Allow = "GET, HEAD";
                    await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "The board is only read.");
                }
                else
                {
                    await next(context);
                }
            }
        );
    }

    // Null where any name may do: who listens for others decides by a network in front who they are, unless names are set.
    private static HashSet<string>? Allowed(WebOptions options)
    {
        var host = BindingAddress.Parse(options.Listen ?? WebOptions.Default).Host;
        var isLoopback = host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return isLoopback || options.Hosts.Count > 0
            ? new HashSet<string>([.. OfThisMachine, host, .. options.Hosts], StringComparer.OrdinalIgnoreCase)
            : null;
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }
}
