using BakeWorker.Core.Waiting;
using Microsoft.Extensions.Hosting;

namespace BakeWorker.Hosting;

/// <summary>Listens for events of the account, where they are delivered, so that bakes need not wait for the next look.</summary>
internal sealed class EventsWorker(EventListener listener) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => listener.RunAsync(stoppingToken);
}
