using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Pipeline.Booting;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Skipping;

/// <summary>
/// Asks an instance of the image in use for pending updates: only the image itself knows what is in it and where it comes from. Its answer counts
/// only if it says so in words; everything else is a reason to bake.
/// </summary>
public sealed class UpdateProbe(ICloud cloud, TesterLaunch instances, Watchers watchers, GuestShell shell)
{
    private const int Shown = 5;
    private const string Answer = "updates: ";

    /// <summary>What the answer may take at most, launch not included.</summary>
    public static TimeSpan Budget(Bake bake) => bake.Recipe.Boot.AgentWithin + GuestShell.Budget(BuiltInScripts.UpdatesLimit);

    /// <exception cref="BakeFailedException">A transient failure: another attempt asks the same instance again.</exception>
    public async Task<ComparedPart> LookAsync(BakeRun run, Image image, CancellationToken ct)
    {
        Instance? probe = null;
        ComparedPart seen;
        try
        {
            probe = await instances.LaunchProbeAsync(run, image, ct);
            seen = await AskAsync(run.Bake, probe, ct);
        }
        catch (BakeFailedException failure) when (failure.Kind is FailureKind.Failed or FailureKind.Rejected)
        {
            seen = Unknown(failure.Message);
        }

        if (probe is not null)
        {
            await cloud.Home.Instances.RemoveAsync(probe.Id, ct);
        }

        return seen;
    }

    private async Task<ComparedPart> AskAsync(Bake bake, Instance probe, CancellationToken ct)
    {
        var limit = bake.Recipe.Boot.AgentWithin;
        if (!await Within.TryAsync(limit, watchers.Time, token => AwaitAgentAsync(bake, probe, token), ct))
        {
            return Unknown($"the agent of {probe.Id} was not online within {limit.TotalMinutes:0.#} min");
        }

        var said = await shell.RunAsync(bake, probe, BuiltInScripts.Updates(bake.Recipe.Platform, OfPatchSteps(bake)), ct);
        return said.State == CommandState.Succeeded && Parse(said.Output) is { } pending
            ? Of(pending)
            : Unknown($"the package manager of {probe.Id} gave no answer (exit code {said.ExitCode}): {LastLine(said)}");
    }

    // A release that the recipe holds on to, say, must not look like a pending update for ever.
    private static Dictionary<string, string> OfPatchSteps(Bake bake)
    {
        var values = new Dictionary<string, string>();
        foreach (var step in bake.Recipe.Steps.Where(step => step.Phase == StepPhase.Patch))
        {
            foreach (var (name, value) in ParameterReferences.Resolve(step.Environment, bake.Parameters))
            {
                values[name] = value;
            }
        }

        return values;
    }

    private Task<Agent> AwaitAgentAsync(Bake bake, Instance probe, CancellationToken ct) =>
        shell.WhileAliveAsync(
            probe,
            token => watchers.Home.Agents.WaitAsync(probe.Id, shell.Launched(bake, probe), seen => seen.IsOnline, token),
            ct
        );

    private static (int Count, IReadOnlyList<string> Names)? Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
            lines is [var first, .. var names]
            && first.StartsWith(Answer, StringComparison.Ordinal)
            && int.TryParse(first[Answer.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (count, names)
            : null;
    }

    private static ComparedPart Of((int Count, IReadOnlyList<string> Names) pending) =>
        pending.Count == 0
            ? new ComparedPart(ComparedPart.Updates, PartState.Same)
            : new ComparedPart(
                ComparedPart.Updates,
                PartState.Changed,
                $"{pending.Count} pending: {Masked.Text(string.Join(", ", pending.Names.Take(Shown)))}{(pending.Count > Shown ? ", …" : "")}"
            );

    private static string LastLine(Command said) => Failures.LastLines(said).Split('\n')[^1];

    private static ComparedPart Unknown(string why) => new(ComparedPart.Updates, PartState.Unknown, why);
}
