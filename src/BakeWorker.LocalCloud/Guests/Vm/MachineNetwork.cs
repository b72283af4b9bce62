using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>What a machine reaches: its metadata service, and where its subnet leads further, the proxy to package mirrors.</summary>
internal sealed class MachineNetwork : IAsyncDisposable
{
    private readonly List<WebApplication> _servers = [];

    public static async Task<MachineNetwork> OpenAsync(MachineFolder folder, GuestSpec spec, PackageProxy? proxy, CancellationToken ct)
    {
        var network = new MachineNetwork();
        try
        {
            if (spec.Metadata is { } metadata)
            {
                await network.ListenAsync(folder, "metadata", _ => { }, context => AnswerAsync(metadata, context), ct);
            }

            if (proxy is not null)
            {
                await network.ListenAsync(
                    folder,
                    "proxy",
                    listen => listen.Use(next => connection => proxy.Tunnel.ServeAsync(connection, next)),
                    proxy.ForwardAsync,
                    ct
                );
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            // Nobody is left who could finish what was begun.
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await server.StopAsync(now.Token);
            await server.DisposeAsync();
        }
    }

    private async Task ListenAsync(
        MachineFolder folder,
        string name,
        Action<ListenOptions> configure,
        RequestDelegate answer,
        CancellationToken ct
    )
    {
        var path = folder.Socket(name);
        File.Delete(path);
        var server = QuietWeb.Build(kestrel =>
            kestrel.ListenUnixSocket(
                path,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    configure(listen);
                }
            )
        );
        server.Run(answer);
        _servers.Add(server);
        await server.StartAsync(ct);
        // The folder is closed to everybody but us and the machine's user, who is the one to connect.
        const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;
        FileModes.Set(path, Everybody);
    }

    private static async Task AnswerAsync(IMetadataService metadata, HttpContext context)
    {
        var request = await WireHttp.ReadAsync(context.Request, context.RequestAborted);
        await WireHttp.WriteAsync(context, metadata.Answer(request));
    }
}
