using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Embedded;
using BakeWorker.Hosting;
using BakeWorker.Output;
using BakeWorker.Settings;
using BakeWorker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Commands;

/// <summary>One bake from the command line: its world is opened, it is baked in front of the person's eyes, and the world is closed again.</summary>
internal sealed class OneBake(Shell shell, BakeArguments arguments)
{
    /// <summary>Enough for a lost spot instance or a throttled minute; a person waits for the rest.</summary>
    private const int Attempts = 3;

    // As long as a recipe that keeps builders without saying for how long.
    private static readonly TimeSpan UsualKeepFor = TimeSpan.FromHours(4);

    private readonly BakeTimeline _timeline = new(shell.Time);
    private readonly string _requestId = arguments.RequestId ?? Requests.NewId(shell);

    // Until it is read, a recipe is called what the person called it, which may be a path.
    private string _recipe = arguments.Recipe;

    public async Task<int> RunAsync(CancellationToken ct)
    {
        BakeResult result;
        try
        {
            result = await BakeAsync(ct);
        }
        catch (Exception exception)
            when (Failures.Of(exception, ct) is { } failure && (arguments.IsJson || failure.Kind == FailureKind.Cancelled))
        {
            result = Failures.Result(failure, _recipe, _requestId, _timeline.StartedAt) with
            {
                Stages = _timeline.ToResult(),
                FinishedAt = shell.Time.GetUtcNow(),
            };
            Print(result);
        }

        // Whoever asked for a part of a bake got it.
        return result.Failure?.Code == FailureCodes.StoppedAsAsked ? ExitCodes.Done : ExitCodes.For(result.Outcome);
    }

    private async Task<BakeResult> BakeAsync(CancellationToken ct)
    {
        var settings = LoadedSettings.Load(shell, arguments.Common.Settings, Prepare, SettingsRules.Launching);
        // What the request gets wrong is said before anything is started.
        var recipe = new RecipeSource(Folders.Recipes(settings.Worker, shell), shell.Time).RequireNameOrPath(arguments.Recipe);
        _recipe = recipe.Name;
        var request = Requests.Check(
            new BakeRequest
            {
                Recipe = recipe.Name,
                RequestId = _requestId,
                Parameters = arguments.Parameters,
                Reason = "command line",
                DryRun = arguments.IsDryRun,
            }
        );
        ParameterBinder.Require(recipe, request);
        var until = StepOf(recipe, arguments.Until);
        await using var embedded = arguments.IsLocal ? await OpenAsync(recipe, settings.Worker, ct) : null;
        using var host = BakeWorkerHost.Command(shell, settings, LeastLog, _timeline, embedded);
        await host.StartAsync(ct);
        try
        {
            var bake = host.Services.GetRequiredService<BakeIntake>().Create(request, recipe) with
            {
                TraceParent = CommandTrace.Begin("bake", shell.Variable("TRACEPARENT")),
                Until = until,
                KeepFor =
                    arguments.IsKept ? recipe.Builder.KeepFor ?? UsualKeepFor
                    : arguments.IsLocal ? TimeSpan.Zero
                    : null,
            };
            var result = await ShowAsync(() => AttemptAsync(bake, host.Services, ct));
            if (embedded is not null)
            {
                result = await embedded.CompleteAsync(result, host.Services.GetRequiredService<ICloud>(), ct);
            }

            Print(result);
            await HoldAsync(result, settings.Worker.Aws.Region!, embedded, ct);
            return result;
        }
        finally
        {
            // Sends what telemetry is left.
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>The name of a step, or that of a component, which stands for the last of the steps it becomes.</summary>
    private static string? StepOf(Recipe recipe, string? wanted)
    {
        var names = recipe.Steps.Select(step => step.Name).ToList();
        return wanted is null || names.Contains(wanted)
            ? wanted
            : names.SkipWhile(name => !IsOf(name)).TakeWhile(IsOf).LastOrDefault()
                ?? throw new UsageException(
                    $"--until {wanted} is no step of {recipe.Name}; {Suggestion.Hint(wanted, names, "its steps are")}"
                );

        bool IsOf(string name) => name.StartsWith($"{wanted}.", StringComparison.Ordinal);
    }

    // A guest of this machine lives as long as the process that started it.
    private async Task HoldAsync(BakeResult result, string region, EmbeddedCloud? embedded, CancellationToken ct)
    {
        if (result.Failure?.Kept is not { } kept)
        {
            return;
        }

        if (embedded is null)
        {
            shell.Terminal.Say(
                $"{kept.Instance} runs, and costs, until {kept.Until:u}; end it before by: aws ec2 terminate-instances --region {region} --instance-ids {kept.Instance}"
            );
        }
        else if (embedded.Guest == GuestChoice.Scripted)
        {
            shell.Terminal.Say($"{kept.Instance} only pretended to be a machine, so there is nothing to look into");
        }
        else
        {
            shell.Terminal.Say(
                $"{kept.Instance} runs as long as this command; get in from another terminal by '{kept.Access}', end it here by Ctrl+C"
            );
            await Task.Delay(kept.Until - shell.Time.GetUtcNow(), shell.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<EmbeddedCloud> OpenAsync(Recipe recipe, WorkerSettings settings, CancellationToken ct)
    {
        var disk = await BaseDisk.FindAsync(recipe, settings.Aws.Region!, shell.Time, ct);
        return await EmbeddedCloud.OpenAsync(arguments.Local.ToOptions() with { BaseDisk = disk }, settings, shell, ct);
    }

    private LogLevel LeastLog => arguments.Common.IsVerbose ? LogLevel.Information : LogLevel.Error;

    private void Prepare(WorkerSettings settings)
    {
        arguments.Common.Apply(settings);
        settings.Data = arguments.Local.Data ?? settings.Data;
        if (arguments.IsLocal)
        {
            LocalDefaults.Fill(settings, shell, arguments.Local.Guest);
        }
        else
        {
            LocalDefaults.FillIfLoopback(settings, shell);
        }
    }

    private Task<BakeResult> ShowAsync(Func<Task<BakeResult>> bake) =>
        shell.Terminal.IsInteractive && !arguments.IsJson && !arguments.Common.IsVerbose
            ? new LiveProgress(shell.Terminal, _timeline, shell.Time).ShowAsync(bake)
            : new PlainProgress(shell.Terminal, _timeline, shell.Time).ShowAsync(bake);

    private async Task<BakeResult> AttemptAsync(Bake bake, IServiceProvider services, CancellationToken ct)
    {
        var (runner, consumer) = (services.GetRequiredService<BakeRunner>(), services.GetRequiredService<ConsumerOptions>());
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await runner.RunAsync(bake with { Attempt = attempt }, _timeline, retry: attempt < Attempts, ct);
                }
                catch (BakeFailedException failure) when (failure.Kind == FailureKind.Transient)
                {
                    shell.Terminal.Say($"attempt {attempt} of {Attempts}: {failure.Message}");
                    await Task.Delay(failure.RetryAfter ?? consumer.RetryDelay, shell.Time, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            shell.Terminal.Say("stopping: what the bake launched is removed (interrupt again to leave it behind)");
            var release = services.GetRequiredService<Release>();
            using var patience = new CancellationTokenSource(BakeWorkerHost.StopPatience, shell.Time);
            await release.AfterFailureAsync(bake, Core.Pipeline.Failures.Interrupted(), wasPublishing: false, patience.Token);
            throw;
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
