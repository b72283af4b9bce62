using Amazon.SQS.Model;
using BakeWorker.Simulation.Invariants;
using BakeWorker.Simulation.Runs;
using BakeWorker.Simulation.Schedules;
using BakeWorker.Simulation.Workers;

namespace BakeWorker.Simulation;

/// <summary>Plays one seed from the first request to the last answer.</summary>
internal sealed class Simulator
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(14);
    private static readonly TimeSpan GracefulStop = TimeSpan.FromMinutes(10);
    private readonly SimulatedWorld _world;
    private readonly Ledger _ledger = new();
    private readonly Watchman _watchman;

    private Simulator(SimulatedWorld world)
    {
        _world = world;
        _watchman = new Watchman(world, _ledger);
        world.Cloud.Faults.Observer = _watchman;
        world.Refuse = _watchman.Refuse;
    }

    /// <summary>Needs a thread pool of one thread; see <see cref="Turns"/>.</summary>
    public static SeedReport Play(int seed, Action<string>? story = null)
    {
        var world = new SimulatedWorld(Schedule.Of(seed), story);
        var simulator = new Simulator(world);
        return Turns.Run(world.Time, simulator.PlayAsync);
    }

    private async Task<SeedReport> PlayAsync()
    {
        var requests = await OpenQueuesAsync();
        var workers = Enumerable.Range(0, _world.Schedule.Workers.Count).Select(number => new Worker(number, _world)).ToList();
        var working = workers.ConvertAll(worker => worker.RunAsync());
        var sending = SendAsync(requests);
        var calming = CalmAsync();
        var cancelling = new Operator(_world).RunAsync();
        using var swept = new CancellationTokenSource();
        var sweeping = new Sweeper(_world, _watchman.Swept).RunAsync(swept.Token);
        if (await SettleAsync(sending, working))
        {
            await StopAsync(workers, working);
            await swept.CancelAsync();
            await Task.WhenAll(sending, calming, cancelling, sweeping);
            await new FinalChecks(_world, _watchman, _ledger).RunAsync();
        }

        return await CloseAsync();
    }

    private async Task<string> OpenQueuesAsync()
    {
        var sqs = _world.Clients.Sqs;
        var dead = (await sqs.CreateQueueAsync(SimulatedWorld.DeadRequests)).QueueUrl;
        var arn = (await sqs.GetQueueAttributesAsync(dead, ["QueueArn"])).QueueARN;
        await sqs.CreateQueueAsync(SimulatedWorld.Results);
        await _world.Clients.S3.PutBucketAsync(SimulatedWorld.Proofs);
        var request = new CreateQueueRequest(SimulatedWorld.Requests)
        {
            Attributes = new() { ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{arn}}","maxReceiveCount":"200"}""" },
        };
        return (await sqs.CreateQueueAsync(request)).QueueUrl;
    }

    private Task SendAsync(string requests)
    {
        var schedule = _world.Schedule;
        var messages = schedule
            .Orders.Select(order => (order.At, order.Body))
            .Concat(schedule.Orders.Where(order => order.AgainAt is not null).Select(order => (At: order.AgainAt!.Value, order.Body)))
            .Concat(schedule.BadOrders.Select(order => (order.At, order.Body)));
        return Task.WhenAll(
            messages.Select(async message =>
            {
                await Task.Delay(message.At, _world.Time);
                await _world.Clients.Sqs.SendMessageAsync(requests, message.Body);
            })
        );
    }

    private async Task CalmAsync()
    {
        await Task.Delay(_world.Schedule.StormEnds, _world.Time);
        _world.Tell("the storm ends");
        _world.Cloud.Faults.Mix = null;
    }

    /// <summary>False when something is wrong already.</summary>
    private async Task<bool> SettleAsync(Task sending, List<Task> working)
    {
        var end = _world.Start + Longest;
        while (!_watchman.HasSeenViolation && _world.Time.GetUtcNow() < end)
        {
            await Task.Delay(Look, _world.Time);
            if (working.Find(worker => worker.IsFaulted) is { } broken)
            {
                _watchman.Refuse($"a worker broke: {broken.Exception!.InnerException}");
                return false;
            }

            if (sending.IsCompleted && CountOpen() == 0)
            {
                return true;
            }
        }

        if (!_watchman.HasSeenViolation)
        {
            _watchman.Refuse($"{CountOpen()} requests are still open after {Longest.TotalHours} h");
        }

        return false;
    }

    private int CountOpen() => _world.Cloud.Sqs.CountMessages(SimulatedWorld.Home, SimulatedWorld.Requests);

    private async Task StopAsync(List<Worker> workers, List<Task> working)
    {
        foreach (var worker in workers)
        {
            await worker.StopAsync();
        }

        var all = Task.WhenAll(working);
        if (await Task.WhenAny(all, Task.Delay(GracefulStop, _world.Time)) != all)
        {
            _watchman.Refuse($"a worker did not stop within {GracefulStop.TotalMinutes} min");
        }
    }

    private async Task<SeedReport> CloseAsync()
    {
        var report = _world.Report;
        foreach (var fault in _world.Cloud.Faults.Injected)
        {
            SeedReport.Count(report.Faults, $"{fault.Kind}");
        }

        report.Hours = (_world.Time.GetUtcNow() - _world.Start).TotalHours;
        report.Digest = _ledger.Digest();
        await _world.DisposeAsync();
        return report;
    }
}
