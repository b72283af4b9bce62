using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.EndToEnd.ThirdParty;

/// <summary>A LocalCloud on a loopback port, in a hurry, with scripted guests.</summary>
internal sealed class OpenCloud : IAsyncDisposable
{
    private readonly LocalCloud.LocalCloud _cloud;
    private readonly LocalCloudServer _server;

    private OpenCloud(LocalCloud.LocalCloud cloud, LocalCloudServer server) => (_cloud, _server) = (cloud, server);

    public Uri Url => _server.Url;

    public static async Task<OpenCloud> StartAsync()
    {
        var guests = new ScriptedGuestHost(TimeProvider.System, Scenario.Instant());
        var cloud = new LocalCloud.LocalCloud(new LocalCloudOptions { Speed = 50 }, TimeProvider.System, guests);
        return new OpenCloud(cloud, await LocalCloudServer.StartAsync(cloud, 0, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cloud.DisposeAsync();
    }
}
