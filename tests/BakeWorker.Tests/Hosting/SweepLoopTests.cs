using BakeWorker.Core.Sweeping;
using BakeWorker.Hosting;
using BakeWorker.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BakeWorker.Tests.Hosting;

public sealed class SweepLoopTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();
    private readonly Planting _plant;

    public SweepLoopTests() => _plant = new Planting(_bakery.Clients, _bakery.Time);

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Worker_SweepsNowAndThen() => Run(TimeSpan.FromHours(1), TimeSpan.FromHours(4)).Should().BeEmpty();

    [Fact]
    public void Worker_WhoseSweepFailed_SweepsAgain()
    {
        _bakery.Cloud.Faults.Plan.Calls("ec2", "DescribeInstances").Times(9).Fails();

        Run(TimeSpan.FromHours(1), TimeSpan.FromHours(4)).Should().BeEmpty();
    }

    [Fact]
    public void Worker_WhoseSweepingIsOff_RemovesNothing() => Run(TimeSpan.Zero, TimeSpan.FromHours(48)).Should().ContainSingle();

    private IReadOnlyList<string> Run(TimeSpan every, TimeSpan length) =>
        _bakery.Time.Run(async () =>
        {
            await _plant.InstanceAsync(Planting.Tags("bake-00000000000000dd", "builder", _bakery.Time.GetUtcNow() - TimeSpan.FromDays(1)));
            var loop = new SweepLoop(
                _bakery.Get<Sweep>(),
                new SweepOptions { Every = every },
                new Random(1),
                _bakery.Time,
                NullLogger<SweepLoop>.Instance
            );
            using var stop = new CancellationTokenSource(length, _bakery.Time);
            var running = loop.RunAsync(stop.Token);
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), _bakery.Time);
            }

            try
            {
                await running;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // How it ends while it is on.
            }

            return await _plant.AllAsync();
        });
}
