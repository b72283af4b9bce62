using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>Web servers that listen where they are told to and nowhere else, and say nothing.</summary>
internal static class QuietWeb
{
    public static WebApplication Build(Action<KestrelServerOptions> configure)
    {
        // The empty builder reads no settings and no environment, which could add addresses that are not loopback.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                configure(kestrel);
            });
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        return builder.Build();
    }

    /// <summary>Leaves the process's signals to the program around this server: it decides what ends when.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
