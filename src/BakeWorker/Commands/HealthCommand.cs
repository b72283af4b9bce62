using System.CommandLine;
using BakeWorker.Board;
using BakeWorker.Settings;
using Microsoft.AspNetCore.Http;

namespace BakeWorker.Commands;

/// <summary><c>health</c>: asks the worker on this machine whether it is alive. Containers without a shell have nothing else to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(Shell shell)
    {
        var ready = new Option<bool>("--ready") { Description = "Ask whether it can take requests, too" };
        var common = new CommonOptions();
        var command = new Command("health", "Asks the worker on this machine how it is; exit code 0 when it is well") { ready };
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                AskAsync(shell, new Uri(Address(shell, common.Read(parsed)), parsed.GetValue(ready) ? "health/ready" : "health/live"), ct)
        );
        return command;
    }

    private static Uri Address(Shell shell, CommonArguments common)
    {
        var web = LoadedSettings.Load(shell, common.Settings, common.Apply).Worker.Web;
        if (!web.IsOn())
        {
            throw new UsageException($"{WorkerSettings.Section}:Web:Listen is empty, so the worker answers nowhere; give it an address.");
        }

        var listen = BindingAddress.Parse(web.Listen ?? WebOptions.Default);
        // Whoever listens on every address listens on this one.
        var host = listen.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : listen.Host;
        return new Uri($"http://{host}:{listen.Port}/");
    }

    private static async Task<int> AskAsync(Shell shell, Uri address, CancellationToken ct)
    {
        using var direct = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(direct) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(address, ct);
            shell.Terminal.Output.WriteLine((await answer.Content.ReadAsStringAsync(ct)).Trim());
            return answer.IsSuccessStatusCode ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            shell.Terminal.Say($"{Cli.Name}: nobody answers at {address}: {exception.Message}");
            return ExitCodes.Failed;
        }
    }
}
