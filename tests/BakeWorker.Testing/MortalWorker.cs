using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Testing;

/// <summary>A worker as a process of its own: its services and memory are its own, and it can die at any of its calls.</summary>
public sealed class MortalWorker : IDisposable
{
    private readonly ServiceProvider _services;

    public MortalWorker(
        LocalAccount cloud,
        TimeProvider time,
        Action<BakeryOptions>? configure = null,
        Action<IServiceCollection>? register = null
    )
    {
        Life = new ProcessLife(time);
        Calls = new RecordedCalls(Life.Carry(cloud.CreateHandler()), time);
        var defaults = LocalCloudDefaults.For(Bakery.Region);
        var options = new BakeryOptions
        {
            Worker = "test-worker",
            BuilderSubnets = [.. defaults.BuilderSubnets],
            BuilderSecurityGroups = [defaults.SecurityGroup],
            SandboxSubnets = [defaults.SandboxSubnet],
            SandboxSecurityGroups = [defaults.SecurityGroup],
            InstanceProfile = LocalCloudDefaults.InstanceProfile,
        };
        configure?.Invoke(options);

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
        services.AddSingleton(Life.Time);
        services.AddSingleton(options);
        services.AddSingleton<IBakeObserver>(NoObserver.Instance);
        services.AddSingleton(_ => new RecipeSource(Checkout.File("recipes"), time));
        services.AddBakeWorkerAws(
            new AwsOptions
            {
                Region = Bakery.Region,
                Queue = "bake-requests",
                ResultsQueue = "bake-results",
            },
            Calls
        );
        services.AddBakery();
        register?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public ProcessLife Life { get; }
    public RecordedCalls Calls { get; }
    public RecordedLog Log { get; } = new();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Dispose()
    {
        _services.Dispose();
        Life.Dispose();
    }
}
