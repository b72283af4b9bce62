using System.Collections.Concurrent;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;

namespace BakeWorker.Board.Cloud;

/// <summary>
/// Reads the steps of bakes that somebody looks at, and what they printed, from SSM: bakes themselves fetch only what they need. What has ended is
/// fetched once.
/// </summary>
internal sealed class StepReader(ICloud cloud, TimeProvider time) : IDisposable
{
    private const int MostKept = 50;
    private const int MostSteps = 100;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Reading> _readings = new();

    // One bake at a time: many pages must not be many calls at once.
    private readonly SemaphoreSlim _turn = new(1);

    public void Dispose() => _turn.Dispose();

    public async Task<(IReadOnlyList<BoardStep> Steps, string? Trouble)> ReadAsync(SeenBake bake, CancellationToken ct)
    {
        if (_readings.TryGetValue(bake.BakeId, out var known) && !IsDue(known, bake))
        {
            return (known.Steps, known.Trouble);
        }

        await _turn.WaitAsync(ct);
        try
        {
            known = _readings.GetValueOrDefault(bake.BakeId);
            if (known is null || IsDue(known, bake))
            {
                known = await LookAsync(bake, known, ct);
                Keep(bake.BakeId, known);
            }

            return (known.Steps, known.Trouble);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsDue(Reading known, SeenBake bake) =>
        time.GetElapsedTime(known.At) >= Age && (!known.IsComplete || bake.Machines.Any(machine => !machine.IsGone));

    private async Task<Reading> LookAsync(SeenBake bake, Reading? before, CancellationToken ct)
    {
        var outputs = before?.Outputs ?? [];
        try
        {
            var steps = new List<BoardStep>();
            foreach (var machine in bake.Machines.OrderBy(machine => machine.LaunchedAt))
            {
                foreach (var task in (await cloud.Home.Commands.ListAsync(new BakeId(bake.BakeId), machine.Id, ct)).Take(MostSteps))
                {
                    if (task.State != CommandState.Running && !outputs.ContainsKey(task.Key))
                    {
                        outputs[task.Key] = await cloud.Home.Commands.FindResultAsync(task.Key, ct);
                    }

                    steps.Add(StepOf(task, outputs.GetValueOrDefault(task.Key)));
                }
            }

            return new Reading(steps, outputs, null, time.GetTimestamp(), steps.TrueForAll(step => step.State != "running"));
        }
        catch (BakeFailedException failure)
        {
            return new Reading(before?.Steps ?? [], outputs, Shown.Line(failure.Message), time.GetTimestamp(), IsComplete: false);
        }
    }

    private static BoardStep StepOf(SentTask task, Command? result) =>
        new(task.Task, task.Key.Instance.Value, Word(task.State), task.At)
        {
            ExitCode = result is { ExitCode: >= 0 } ? result.ExitCode : null,
            Output = result is null ? null : Shown.Tail($"{result.Output}\n{result.ErrorOutput}"),
        };

    private static string Word(CommandState state) =>
        state switch
        {
            CommandState.TimedOut => "timed-out",
            _ => state.ToString().ToLowerInvariant(),
        };

    private void Keep(string bakeId, Reading reading)
    {
        if (_readings.Count >= MostKept && !_readings.ContainsKey(bakeId))
        {
            _readings.TryRemove(_readings.MinBy(one => one.Value.At).Key, out _);
        }

        _readings[bakeId] = reading;
    }

    private sealed record Reading(
        IReadOnlyList<BoardStep> Steps,
        Dictionary<CommandKey, Command?> Outputs,
        string? Trouble,
        long At,
        bool IsComplete
    );
}
