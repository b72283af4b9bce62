using BakeWorker.Aws;
using BakeWorker.Board;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;
using BakeWorker.Embedded;
using BakeWorker.Settings;
using BakeWorker.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>The composition root: what this process is made of.</summary>
internal static class BakeWorkerHost
{
    /// <summary>How long a stopping worker may take to hand over its bakes.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>A worker that takes requests from the queue, unless it is told not to.</summary>
    public static IHost Worker(
        Shell shell,
        LoadedSettings settings,
        Action<ILoggingBuilder> logging,
        EmbeddedCloud? embedded = null,
        bool takesRequests = true
    )
    {
        // Without a worker there is nothing to show that its own board does not.
        var isShown = takesRequests && settings.Worker.Web.IsOn();
        var builder = Begin(shell, settings, logging, NoObserver.Instance, embedded, isShown);
        builder.Services.AddSingleton<WorkerEnd>();
        if (isShown)
        {
            builder.Services.AddBoard(settings.Worker.Web);
        }

        if (takesRequests)
        {
            builder.Services.AddHostedService<ConsumerWorker>().AddSidelines();
        }

        return builder.Build();
    }

    /// <summary>The same parts for one command, without anything that runs by itself.</summary>
    public static IHost Command(
        Shell shell,
        LoadedSettings settings,
        LogLevel least,
        IBakeObserver? observer = null,
        EmbeddedCloud? embedded = null
    ) =>
        Begin(
                shell,
                settings,
                logging => ConsoleLogging.OfCommand(logging, settings.Configuration, shell.Terminal, least),
                observer ?? NoObserver.Instance,
                embedded
            )
            .Build();

    private static HostApplicationBuilder Begin(
        Shell shell,
        LoadedSettings settings,
        Action<ILoggingBuilder> logging,
        IBakeObserver observer,
        EmbeddedCloud? embedded,
        bool isScraped = false
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = Cli.Name });
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopPatience);
        // Signals are the command line's business: it knows what stopping means.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        logging(builder.Logging);

        builder.Services.AddTelemetry(settings.Configuration, settings.Worker.Bakery.Worker, isScraped);
        builder.Services.AddSingleton(shell.Time).AddSingleton(shell.Random).AddSingleton(observer);
        builder.Services.AddSettings(settings.Worker).AddSingleton(PolicyFile.Require(settings.Worker, shell));
        builder.Services.AddSingleton(_ => new RecipeSource(Folders.Recipes(settings.Worker, shell), shell.Time));
        builder.Services.AddBakeWorkerAws(settings.Worker.Aws, embedded?.Cloud.CreateHandler());
        builder.Services.AddProofs(settings.Worker, shell);
        builder.Services.AddBakery();
        return builder;
    }

    private static IServiceCollection AddSettings(this IServiceCollection services, WorkerSettings settings) =>
        services
            .AddSingleton(settings.Bakery)
            .AddSingleton(settings.Consumer)
            .AddSingleton(settings.Waiting)
            .AddSingleton(settings.Sweep)
            .AddSingleton(settings.Schedule)
            .AddSingleton(new EventsQueue(settings.Aws.EventsQueue));

    private static void AddProofs(this IServiceCollection services, WorkerSettings settings, Shell shell)
    {
        var proof = settings.Proof;
        services.AddSingleton(proof);
        services.AddSingleton<IProofStore>(provider =>
            proof.Bucket.Length > 0
                ? provider.GetRequiredService<AwsCloud>().OpenBucket(proof)
                : new FolderStore(shell.FullPath(proof.Folder))
        );
        services.AddSingleton<IProofKey>(provider =>
            proof.KmsKey.Length > 0 ? provider.GetRequiredService<AwsCloud>().OpenKey(proof)
            : proof.KeyFile == Folders.OwnKey(settings, shell) ? FileKey.Own(proof.KeyFile)
            : new FileKey(shell.FullPath(proof.KeyFile))
        );
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
