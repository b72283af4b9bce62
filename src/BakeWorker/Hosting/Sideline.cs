using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>
/// What a worker does beside its bakes for as long as the host runs. A defect in it must neither end the bakes nor stay unheard: it is told, and the
/// work is begun again.
/// </summary>
internal sealed class Sideline(string name, Func<CancellationToken, Task> work, TimeProvider time, ILogger<Sideline> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Works until stopped, or until there is nothing to do.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await work(ct);
                return;
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                Log.SidelineBroke(logger, name, exception);
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);
}
