using Amazon.Runtime;
using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Sweeping;
using BakeWorker.Core.Waiting;
using BakeWorker.LocalCloud;
using BakeWorker.Simulation.Schedules;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Simulation.Workers;

/// <summary>One process of a worker, from its start to its end: the services of the product, over a wire and a clock of their own.</summary>
internal sealed class WorkerLife : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services;

    public WorkerLife(string name, SimulatedWorld world, Dice dice)
        : this(name, world, () => null, _ => { }, dice) { }

    public WorkerLife(string name, SimulatedWorld world, Func<Trouble?> nextTrouble, Action<Trouble> strike, Dice dice)
    {
        Clock = new WorkerClock(world.Time);
        var wire = new Wire(world.Cloud.CreateHandler(), Clock, world.Allowances.Of(name), nextTrouble, strike);
        var aws = AwsCloud.Create(
            new AwsOptions
            {
                Region = SimulatedWorld.Home,
                Queue = SimulatedWorld.Requests,
                ResultsQueue = SimulatedWorld.Results,
                Budgets = [.. world.Schedule.Budgets],
            },
            Clock,
            wire,
            new BasicAWSCredentials(name, "secret"),
            dice.Next
        );
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new LifeLog(name, world)));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(Options(name, world.Schedule));
        services.AddSingleton(new SweepOptions { Grace = TimeSpan.FromMinutes(35), Young = TimeSpan.FromMinutes(5) });
        services.AddSingleton(Taking(world.Schedule));
        services.AddSingleton(new WaitingOptions { Fast = TimeSpan.FromSeconds(12), Slow = TimeSpan.FromSeconds(36) });
        services.AddSingleton<IBakeObserver>(NoObserver.Instance);
        services.AddSingleton(new RecipeSource(SimulatedWorld.Recipes, Clock));
        services.AddSingleton(aws);
        services.AddSingleton<ICloud>(aws);
        services.AddSingleton(aws.Queue);
        services.AddSingleton(aws.Queues);
        // Some recipes are so short that they have no step of every phase.
        services.AddSingleton(new OperatorPolicy { Require = new RequirePolicy { Phases = [] } });
        services.AddSingleton(aws.OpenBucket(new ProofOptions { Bucket = SimulatedWorld.Proofs })).AddSingleton<IProofKey>(TestKey.Shared);
        services.AddBakery();
        _services = services.BuildServiceProvider();
    }

    public WorkerClock Clock { get; }

    /// <summary>Until it has stopped gracefully; a process that died never comes back from it.</summary>
    public Task RunAsync() => _services.GetRequiredService<BakeConsumer>().RunAsync(_stop.Token);

    public Task StopAsync() => _stop.CancelAsync();

    public Task<SweepReport> SweepAsync() => _services.GetRequiredService<Sweep>().RunAsync(apply: true, CancellationToken.None);

    public Task<CancelAnswer> CancelAsync(BakeId bake) =>
        _services.GetRequiredService<BakeCancelling>().AskAsync(bake.Value, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return _services.DisposeAsync();
    }

    // Long pauses between tries are time in which nothing happens but polls.
    private static ConsumerOptions Taking(Schedule schedule) =>
        new()
        {
            Concurrency = schedule.Concurrency,
            Visibility = schedule.Visibility,
            MaxRetryDelay = TimeSpan.FromMinutes(2),
        };

    private static BakeryOptions Options(string name, Schedule schedule)
    {
        var defaults = LocalCloudDefaults.For(SimulatedWorld.Home);
        return new BakeryOptions
        {
            Worker = name,
            Deadline = schedule.Deadline,
            BuilderSubnets = [.. defaults.BuilderSubnets.Take(2)],
            BuilderSecurityGroups = [defaults.SecurityGroup],
            SandboxSubnets = [defaults.SandboxSubnet],
            SandboxSecurityGroups = [defaults.SecurityGroup],
            InstanceProfile = LocalCloudDefaults.InstanceProfile,
        };
    }
}

/// <summary>What a worker logs goes into the story of the seed, when somebody wants to read it.</summary>
internal sealed class LifeLog(string worker, SimulatedWorld world) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.Story is not null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => world.Story?.Invoke($"{world.Clock} {worker} {logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
