using System.Net;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.LocalCloud;

/// <summary>A <see cref="LocalCloud"/> on a loopback port, for any AWS client that is given its address.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    /// <summary>Above the largest call of AWS (a full SQS batch, percent-encoded by an older client).</summary>
    private const long MaxRequestBody = 8 * 1024 * 1024;

    private readonly WebApplication _app;

    private LocalCloudServer(WebApplication app) => _app = app;

    /// <summary>What to put into <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Listens on the port, or on a free one for 0. Nothing outside this machine can reach it.</summary>
    public static async Task<LocalCloudServer> StartAsync(LocalCloud cloud, int port, CancellationToken ct)
    {
        var app = QuietWeb.Build(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        });
        var stopping = app.Lifetime.ApplicationStopping;
        app.Run(context => AnswerAsync(cloud, context, stopping));
        await app.StartAsync(ct);
        return new(app);
    }

    /// <summary>Ends open long polls, lets other calls finish, then closes the port.</summary>
    public Task StopAsync(CancellationToken ct) => _app.StopAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(LocalCloud cloud, HttpContext context, CancellationToken stopping)
    {
        if (IsHuman(context.Request))
        {
            await context.Response.WriteAsync("LocalCloud is up: point AWS_ENDPOINT_URL here.\n", context.RequestAborted);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await WireHttp.WriteAsync(context, await cloud.HandleAsync(await WireHttp.ReadAsync(context.Request, end.Token), end.Token));
        }
        catch (ConnectionDroppedException)
        {
            context.Abort();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private static bool IsHuman(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path == "/"
        && !request.QueryString.HasValue
        && request.Headers.Authorization.Count == 0;
}
