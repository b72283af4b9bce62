using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>Runs the recipe's steps of some phases in order, each with its tries.</summary>
public sealed class StepRunner(GuestShell shell, ILogger<StepRunner> logger)
{
    public async Task RunAsync(BakeRun run, Instance builder, string stage, Func<StepPhase, bool> phases, CancellationToken ct)
    {
        BakeFailedException? first = null;
        foreach (var step in run.Bake.Recipe.Steps.Where(step => phases(step.Phase)))
        {
            run.Note(stage, step.Name);
            try
            {
                await RunStepAsync(run, builder, step, stage, ct);
            }
            catch (BakeFailedException failure) when (failure.Kind == FailureKind.Failed && step.OnFailure != FailurePolicy.Abort)
            {
                var isIgnored = step.OnFailure == FailurePolicy.Ignore;
                first ??= isIgnored ? null : failure;
                run.Note(
                    stage,
                    $"{step.Name} failed, {(isIgnored ? "which its component ignores" : "and the steps after it run all the same")}"
                );
            }

            if (step.Name == run.Bake.Until)
            {
                throw first ?? Failures.StoppedAfter(step.Name);
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    public static TimeSpan Budget(Recipe recipe, Func<StepPhase, bool> phases) =>
        recipe
            .Steps.Where(step => phases(step.Phase))
            .Aggregate(TimeSpan.FromMinutes(5), (sum, step) => sum + GuestShell.Budget(step.Timeout, step.Retries + 1));

    private async Task RunStepAsync(BakeRun run, Instance builder, Step step, string stage, CancellationToken ct)
    {
        var tries = step.Retries + 1;
        for (var attempt = 1; ; attempt++)
        {
            var task = Task(run.Bake, step, attempt);
            var ended = await shell.RunAsync(run.Bake, builder, task, ct);
            if (ended.State == CommandState.Succeeded)
            {
                Log.StepEnded(logger, run.Bake.Id, step.Name, ended.ExitCode);
                return;
            }

            if (attempt == tries)
            {
                throw ended.State == CommandState.TimedOut
                    ? Failures.StepTimedOut(step.Name, step.Timeout, await shell.TailAsync(run.Bake, builder, task.Key, ct))
                    : Failures.StepFailed(step.Name, ended);
            }

            Log.StepRetried(logger, run.Bake.Id, step.Name, ended.ExitCode, attempt, tries);
            run.Note(stage, $"{step.Name} again (try {attempt} of {tries} ended with {ended.ExitCode})");
        }
    }

    private static GuestTask Task(Bake bake, Step step, int attempt) =>
        new($"step/{step.Name}/{attempt}", step.Timeout)
        {
            Script = step.Script,
            Document = step.Document,
            DocumentParameters = ParameterReferences.Resolve(step.DocumentParameters, bake.Parameters),
            Environment = ParameterReferences.Resolve(step.Environment, bake.Parameters),
            Reboot = step.Reboot,
        };
}
