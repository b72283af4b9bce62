using BakeWorker.Core.Bakes;
using BakeWorker.Core.Sweeping;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>Sweeps now and then. Several workers may: what one removed, the others do not find.</summary>
internal sealed class SweepLoop(Sweep sweep, SweepOptions options, Random random, TimeProvider time, ILogger<SweepLoop> logger)
{
    /// <summary>Sweeps until stopped; at once done when sweeping is off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (options.Every == TimeSpan.Zero)
        {
            return;
        }

        // Workers that were started together do not sweep together: each begins anywhere in the first period.
        for (var pause = options.Every * random.NextDouble(); ; pause = options.Every * (0.9 + (0.2 * random.NextDouble())))
        {
            await Task.Delay(pause, time, ct);
            await SweepAsync(ct);
        }
    }

    // A sweep that failed is no reason not to try the next one.
    private async Task SweepAsync(CancellationToken ct)
    {
        try
        {
            var report = await sweep.RunAsync(apply: true, ct);
            foreach (var problem in report.Problems)
            {
                Log.SweepFailed(logger, problem);
            }
        }
        catch (Exception exception) when (exception is BakeFailedException or IOException)
        {
            Log.SweepFailed(logger, exception.Message);
        }
    }
}
