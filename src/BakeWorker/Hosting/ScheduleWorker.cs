using BakeWorker.Core.Scheduling;
using Microsoft.Extensions.Hosting;

namespace BakeWorker.Hosting;

/// <summary>Keeps the schedules of the recipes and watches their bases for as long as the host runs. Workers that were started together do not look together.</summary>
internal sealed class ScheduleWorker(Scheduler scheduler, BaseWatch bases, Random random, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(Spread * random.NextDouble(), time, stoppingToken);
        await Task.WhenAll(scheduler.RunAsync(stoppingToken), bases.RunAsync(stoppingToken));
    }
}
