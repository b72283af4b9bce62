using BakeWorker.Core.Bakes;
using BakeWorker.Simulation.Schedules;

namespace BakeWorker.Simulation.Workers;

/// <summary>Somebody who asks for the end of bakes, again and again, until he is heard or it is over.</summary>
internal sealed class Operator(SimulatedWorld world)
{
    private const int Tries = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(45);

    public async Task RunAsync()
    {
        var unwanted = world.Schedule.Orders.Where(order => order.CancelAt is not null).ToList();
        if (unwanted.Count > 0)
        {
            await using var desk = new WorkerLife("operator", world, new Dice(world.Schedule.Seed, "operator"));
            await Task.WhenAll(unwanted.Select(order => CancelAsync(desk, order)));
        }
    }

    private async Task CancelAsync(WorkerLife desk, Order order)
    {
        await Task.Delay(order.CancelAt!.Value, world.Time);
        for (var n = 0; n < Tries; n++)
        {
            try
            {
                var answer = await desk.CancelAsync(order.Id);
                world.Tell($"{order.Id} is to be cancelled: marked {string.Join(", ", answer.Marked)}");
                return;
            }
            catch (BakeFailedException refusal)
            {
                world.Tell($"{order.Id} is not cancelled: {refusal.Message}");
                await Task.Delay(Pause, world.Time);
            }
        }
    }
}
