using BakeWorker.Core.Bakes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>Takes requests until the host stops. What ends it earlier ends the process, too: a worker that takes nothing is not alive.</summary>
internal sealed class ConsumerWorker(
    BakeConsumer consumer,
    WorkerEnd end,
    IHostApplicationLifetime lifetime,
    ILogger<ConsumerWorker> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await consumer.RunAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.ConsumerEnded(logger, exception.Message);
            end.Cause = exception;
            lifetime.StopApplication();
        }
    }
}

/// <summary>Why the worker ended by itself; null while nothing went wrong.</summary>
internal sealed class WorkerEnd
{
    public Exception? Cause { get; set; }
}
