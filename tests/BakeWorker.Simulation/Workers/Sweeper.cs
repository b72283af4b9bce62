using BakeWorker.Core.Bakes;
using BakeWorker.Core.Sweeping;
using BakeWorker.Simulation.Schedules;

namespace BakeWorker.Simulation.Workers;

/// <summary>Sweeps now and then while the bakes go on, as the host of a worker does.</summary>
internal sealed class Sweeper(SimulatedWorld world, Action<SweepReport> swept)
{
    public async Task RunAsync(CancellationToken stop)
    {
        if (world.Schedule.SweepEvery is not { } every)
        {
            return;
        }

        await using var life = new WorkerLife("sweeper", world, new Dice(world.Schedule.Seed, "sweeper"));
        while (await PassedAsync(every, stop))
        {
            try
            {
                swept(await life.SweepAsync());
            }
            catch (BakeFailedException failure)
            {
                world.Tell($"a sweep failed: {failure.Message}");
            }
        }
    }

    private async Task<bool> PassedAsync(TimeSpan pause, CancellationToken stop)
    {
        await Task.Delay(pause, world.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
