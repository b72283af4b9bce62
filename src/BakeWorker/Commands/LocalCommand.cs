using System.CommandLine;
using System.Globalization;
using BakeWorker.Board;
using BakeWorker.Core.Cloud;
using BakeWorker.Embedded;
using BakeWorker.Hosting;
using BakeWorker.LocalCloud;
using BakeWorker.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Command = System.CommandLine.Command;

namespace BakeWorker.Commands;

/// <summary><c>local</c>: an AWS account on this machine for any AWS client, with a worker on its queue.</summary>
internal static class LocalCommand
{
    private const int DefaultPort = 4566;

    /// <summary>Slow enough to watch states change.</summary>
    private const double DefaultSpeed = 20;

    /// <summary>Retries and deploys never get there; a message that ends every worker does.</summary>
    private const int MaxReceives = 100;

    public static Command Create(Shell shell)
    {
        var port = new Option<int>("--port")
        {
            Description = "Port on loopback; 0 takes a free one",
            DefaultValueFactory = _ => DefaultPort,
        };
        port.Validators.Add(result =>
        {
            // What is no number at all is the parser's to refuse.
            if (
                result.Tokens is [var token]
                && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
                && number is < 0 or > ushort.MaxValue
            )
            {
                result.AddError($"--port is {token.Value}; give 1 to 65535, or 0 for a free one.");
            }
        });
        var noWorker = new Option<bool>("--no-worker") { Description = "Only the cloud; the worker is a 'bakeworker run' of your own" };
        var (local, common) = (new LocalOptions(DefaultSpeed), new CommonOptions());
        var command = new Command("local", "Runs an AWS account on this machine, with a worker on its queue")
        {
            port,
            noWorker,
            ImportCommand.Create(shell),
        };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) => RunAsync(shell, parsed.GetValue(port), parsed.GetValue(noWorker), local.Read(parsed), common.Read(parsed), ct)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Shell shell,
        int port,
        bool noWorker,
        LocalArguments local,
        CommonArguments common,
        CancellationToken ct
    )
    {
        var settings = LoadedSettings.Load(
            shell,
            common.Settings,
            settings =>
            {
                common.Apply(settings);
                settings.Data = local.Data ?? settings.Data;
                LocalDefaults.Fill(settings, shell, local.Guest);
            },
            SettingsRules.Launching,
            SettingsRules.Queue
        );
        await using var embedded = await EmbeddedCloud.OpenAsync(local.ToOptions(), settings.Worker, shell, ct);
        await using var server = await ListenAsync(embedded, port, ct);
        // Queue URLs repeat the address they were asked for, so the worker asks where everybody else does.
        settings.Worker.Aws.ServiceUrl = server.Url.ToString();
        using var host = BakeWorkerHost.Worker(
            shell,
            settings,
            logging =>
                ConsoleLogging.OfCommand(
                    logging,
                    settings.Configuration,
                    shell.Terminal,
                    common.IsVerbose ? LogLevel.Debug : LogLevel.Information
                ),
            embedded,
            takesRequests: !noWorker
        );
        await CreateQueuesAsync(host.Services.GetRequiredService<IQueues>(), settings.Worker, ct);
        await using var board = noWorker ? null : await BoardServer.StartAsync(host.Services, settings.Worker.Web, ct);
        await host.StartAsync(ct);
        shell.Terminal.Output.Write(ReadyText.Of(server.Url, settings.Worker, embedded.Guest, !noWorker, board?.Url));
        await shell.Terminal.Output.FlushAsync(ct);
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("BakeWorker.Hosting");
        await RunCommand.UntilStoppedAsync(host, logger, ct);
        return host.Services.GetRequiredService<WorkerEnd>().Cause is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<LocalCloudServer> ListenAsync(EmbeddedCloud embedded, int port, CancellationToken ct)
    {
        try
        {
            return await LocalCloudServer.StartAsync(embedded.Cloud, port, ct);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new UsageException($"port {port} is taken by another program; give another one, or --port 0 for a free one.");
        }
    }

    private static async Task CreateQueuesAsync(IQueues queues, WorkerSettings settings, CancellationToken ct)
    {
        var aws = settings.Aws;
        var dead = aws.DeadLetterQueue ?? LocalDefaults.DeadLetterQueue;
        await queues.EnsureAsync(dead, null, 0, ct);
        await queues.EnsureAsync(aws.Queue!, dead, MaxReceives, ct);
        await queues.EnsureAsync(aws.ResultsQueue!, null, 0, ct);
    }
}
