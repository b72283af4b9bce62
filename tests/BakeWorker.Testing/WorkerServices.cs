using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Testing;

/// <summary>Puts a worker together as the product does, over a line to a LocalCloud.</summary>
internal static class WorkerServices
{
    public static ServiceProvider Build(
        string worker,
        TimeProvider time,
        HttpMessageHandler line,
        RecordedLog log,
        MemoryProofs proofs,
        Action<BakeryOptions>? configure,
        Action<IServiceCollection>? register,
        Action<AwsOptions>? aws = null
    )
    {
        var defaults = LocalCloudDefaults.For(Bakery.Region);
        var options = new BakeryOptions
        {
            Worker = worker,
            BuilderSubnets = [.. defaults.BuilderSubnets],
            BuilderSecurityGroups = [defaults.SecurityGroup],
            SandboxSubnets = [defaults.SandboxSubnet],
            SandboxSecurityGroups = [defaults.SecurityGroup],
            InstanceProfile = LocalCloudDefaults.InstanceProfile,
        };
        configure?.Invoke(options);
        var awsOptions = new AwsOptions
        {
            Region = Bakery.Region,
            Queue = "bake-requests",
            ResultsQueue = "bake-results",
        };
        aws?.Invoke(awsOptions);

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        services.AddSingleton(time);
        services.AddSingleton(options);
        services.AddSingleton<IBakeObserver>(NoObserver.Instance);
        services.AddSingleton(_ => new RecipeSource(Checkout.File("recipes"), time));
        services.AddBakeWorkerAws(awsOptions, line);
        services.AddSingleton<IProofStore>(proofs).AddSingleton<IProofKey>(TestKey.Shared);
        services.AddBakery();
        register?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
