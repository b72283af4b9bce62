using System.CommandLine;
using BakeWorker.Board;
using BakeWorker.Hosting;
using BakeWorker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Commands;

/// <summary><c>run</c>: the worker. Being told to stop is its normal end.</summary>
internal static class RunCommand
{
    public static Command Create(Shell shell)
    {
        var common = new CommonOptions();
        var command = new Command("run", "Takes requests from the queue until it is stopped");
        common.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(shell, common.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, CommonArguments common, CancellationToken ct)
    {
        var settings = LoadedSettings.Load(
            shell,
            common.Settings,
            settings =>
            {
                common.Apply(settings);
                LocalDefaults.FillIfLoopback(settings, shell);
            },
            SettingsRules.Launching,
            SettingsRules.Queue
        );
        using var host = BakeWorkerHost.Worker(
            shell,
            settings,
            logging => ConsoleLogging.OfWorker(logging, settings.Configuration, shell.Terminal, common.IsVerbose)
        );
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BakeWorker.Hosting");
        await using var board = await BoardServer.StartAsync(host.Services, settings.Worker.Web, ct);
        await host.StartAsync(ct);
        SayUp(logger, shell, settings.Worker);
        await UntilStoppedAsync(host, logger, ct);
        return host.Services.GetRequiredService<WorkerEnd>().Cause is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Waits for the signal, or for the worker's own end, and stops the host in order.</summary>
    internal static async Task UntilStoppedAsync(IHost host, ILogger logger, CancellationToken ct)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signal = ct.Register(() => stopping.TrySetResult());
        using var own = host
            .Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        Hosting.Log.Stopping(logger, BakeWorkerHost.StopPatience);
        await host.StopAsync(CancellationToken.None);
    }

    private static void SayUp(ILogger logger, Shell shell, WorkerSettings settings)
    {
        var endpoint = settings.Aws.ServiceUrl ?? shell.Variable("AWS_ENDPOINT_URL") ?? "AWS";
        if (LocalDefaults.IsLoopback(settings, shell))
        {
            Hosting.Log.LocalDefaults(logger);
        }

        var region = LocalDefaults.FindRegion(settings, shell) ?? "by profile";
        Hosting.Log.Up(logger, settings.Bakery.Worker, Cli.Version, Folders.Recipes(settings, shell), region, endpoint);
    }
}
