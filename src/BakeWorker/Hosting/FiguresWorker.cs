using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Hosting;

namespace BakeWorker.Hosting;

/// <summary>Keeps the figures of images and instances for as long as the host runs.</summary>
internal sealed class FiguresWorker(Figures figures) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => figures.RunAsync(stoppingToken);
}
