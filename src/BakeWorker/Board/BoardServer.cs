using System.Net.Sockets;
using BakeWorker.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Board;

/// <summary>Serves the board for as long as the worker runs: a small web server of its own beside the worker's host.</summary>
internal sealed class BoardServer : IAsyncDisposable
{
    // Requests have no bodies, few headers and short addresses.
    private const int MostConnections = 256;
    private const int LongestLine = 4096;
    private const int MostHeaders = 16 * 1024;

    private readonly WebApplication _app;

    private BoardServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Listens where the settings say. Null where they want no board, and where they say nothing and the usual address is taken.</summary>
    /// <exception cref="UsageException">The address of the settings cannot be had.</exception>
    public static async Task<BoardServer?> StartAsync(IServiceProvider worker, WebOptions options, CancellationToken ct)
    {
        var loggers = worker.GetRequiredService<ILoggerFactory>();
        var logger = loggers.CreateLogger("BakeWorker.Board");
        if (!options.IsOn())
        {
            return null;
        }

        var address = options.Listen ?? WebOptions.Default;
        var app = Build(address, loggers);
        worker.GetRequiredService<BoardRoutes>().Map(app);
        try
        {
            await app.StartAsync(ct);
            var server = new BoardServer(app);
            Log.BoardIsUp(logger, server.Url.ToString());
            return server;
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            await app.DisposeAsync();
            var why = exception.InnerException is AddressInUseException ? "another program has that port" : exception.Message.TrimEnd('.');
            if (options.Listen is not null)
            {
                throw new UsageException(
                    $"the board cannot listen on {address}: {why}; give another address in Web:Listen, or an empty one for no board."
                );
            }

            Log.NoBoard(logger, address, why);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(string address, ILoggerFactory loggers)
    {
        // The empty builder reads no settings and no environment, which could add addresses that nobody meant.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = 0;
                kestrel.Limits.MaxConcurrentConnections = MostConnections;
                kestrel.Limits.MaxRequestLineSize = LongestLine;
                kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaders;
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            })
            .UseUrls(address);
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>().AddRoutingCore().AddSingleton(loggers);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Build();
    }

    /// <summary>Leaves the process's signals to the program around this server.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
