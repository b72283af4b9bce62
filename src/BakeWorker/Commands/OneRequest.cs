using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using BakeWorker.Hosting;
using BakeWorker.Output;
using BakeWorker.Settings;
using BakeWorker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Commands;

/// <summary>One request from the command line into the queue, and its result back.</summary>
internal sealed class OneRequest(Shell shell, SubmitArguments arguments)
{
    public async Task<int> RunAsync(CancellationToken ct)
    {
        try
        {
            return await SubmitAsync(ct);
        }
        catch (Exception exception) when (arguments.IsJson && Failures.Of(exception, ct) is { } failure)
        {
            Print(Failures.Result(failure, arguments.Recipe, arguments.RequestId, shell.Time.GetUtcNow()));
            return ExitCodes.For(failure.Kind);
        }
    }

    private async Task<int> SubmitAsync(CancellationToken ct)
    {
        var settings = LoadedSettings.Load(shell, arguments.Common.Settings, Prepare, SettingsRules.Queue);
        var request = Requests.Check(
            new BakeRequest
            {
                Recipe = arguments.Recipe,
                RequestId = arguments.RequestId,
                Labels = arguments.Labels.Count > 0 ? arguments.Labels : null,
                Parameters = arguments.Parameters,
                Reason = "command line",
                RequestedBy = shell.Variable("USER"),
                IfChanged = arguments.IfChanged,
                DryRun = arguments.IsDryRun,
            }
        );
        using var host = BakeWorkerHost.Command(shell, settings, arguments.Common.IsVerbose ? LogLevel.Information : LogLevel.Error);
        await host.StartAsync(ct);
        try
        {
            var queue = host.Services.GetRequiredService<IBakeQueue>();
            // The owner shares the queue fairly with others; where the recipe is not at hand, its name stands in for him.
            var recipes = host.Services.GetRequiredService<RecipeSource>();
            if (arguments.Patience is not { } patience)
            {
                await SendAsync(queue, recipes, request, ct);
                return ExitCodes.Done;
            }

            var wait = new ResultWait(
                host.Services.GetRequiredService<IQueues>(),
                settings.Worker.Aws.ResultsQueue,
                shell.Terminal,
                shell.Time,
                shell.Random
            );
            var following = new Following(
                host.Services.GetRequiredService<ICloud>(),
                shell.Terminal,
                shell.Time,
                settings.Worker.Waiting.Slow
            );
            var result = await following.WhileAsync(
                BakeId.For(request.Recipe, request.RequestId),
                () => wait.SendAndWaitAsync(request, addressed => SendAsync(queue, recipes, addressed, ct), patience, ct),
                ct
            );
            Print(result);
            return ExitCodes.For(result.Outcome);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private void Prepare(WorkerSettings settings)
    {
        arguments.Common.Apply(settings);
        LocalDefaults.FillIfLoopback(settings, shell);
    }

    private async Task SendAsync(IBakeQueue queue, RecipeSource recipes, BakeRequest request, CancellationToken ct)
    {
        var trace = CommandTrace.Begin("submit", shell.Variable("TRACEPARENT"));
        var bake = BakeId.For(request.Recipe, request.RequestId);
        using var span = BakeTrace.Sending(queue.Name, bake, request.Recipe, BakeTelemetry.Parse(trace) ?? default);
        var message = new QueuedRequest(BakeRequestWriter.Write(request), request.Recipe, bake.Value)
        {
            Owner = recipes.Find(request.Recipe)?.Recipe?.Owner,
            TraceParent = span?.Id ?? trace,
        };
        var messageId = await queue.SendAsync(message, ct);
        var sent = $"{bake} for request {request.RequestId} is in {queue.Name} as message {messageId}";
        if (arguments.Patience is not null)
        {
            shell.Terminal.Say($"{sent}; waiting for its result");
        }
        else if (arguments.IsJson)
        {
            shell.Terminal.Output.WriteLine(BakeRequestWriter.Write(request));
        }
        else
        {
            shell.Terminal.Output.WriteLine(sent);
        }
    }

    private void Print(BakeResult result)
    {
        if (arguments.IsJson)
        {
            shell.Terminal.Output.WriteLine(BakeResultWriter.Write(result, indented: true));
        }
        else
        {
            new BakeReport(shell.Terminal.Answers).Write(result);
        }
    }
}
