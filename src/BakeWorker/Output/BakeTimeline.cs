using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Output;

/// <summary>A stage as it is seen: when it began, whether it ended and how, and what it said last.</summary>
public sealed record SeenStage(string Name, DateTimeOffset StartedAt)
{
    public TimeSpan? Took { get; init; }

    /// <summary>A failure code, or <c>cancellation</c>; null while it runs and when it succeeded.</summary>
    public string? Failure { get; init; }
    public string Note { get; init; } = "";
    public bool IsRunning => Took is null;
}

/// <summary>Keeps the stages of one bake in the order they began, and tells whoever prints them.</summary>
public sealed class BakeTimeline(TimeProvider time) : IBakeObserver
{
    private readonly Lock _gate = new();
    private readonly List<SeenStage> _stages = [];

    /// <summary>Hears of each change, on the thread that caused it.</summary>
    public Action<SeenStage>? Changed { get; set; }

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public IReadOnlyList<SeenStage> Stages
    {
        get
        {
            lock (_gate)
            {
                return [.. _stages];
            }
        }
    }

    public void StageStarted(Bake bake, string stage) => Put(new SeenStage(stage, time.GetUtcNow()), isNew: true);

    public void StageEnded(Bake bake, string stage, TimeSpan took, string? failure) =>
        Change(stage, seen => seen with { Took = took, Failure = failure });

    public void Note(Bake bake, string stage, string text) => Change(stage, seen => seen with { Note = text });

    /// <summary>The stages as a result tells them, for an end that no result was written for.</summary>
    public IReadOnlyList<ResultStage> ToResult() =>
        [
            .. Stages.Select(stage => new ResultStage(
                stage.Name,
                stage switch
                {
                    { IsRunning: true } or { Failure: "cancellation" } => "cancellation",
                    { Failure: null } => "success",
                    _ => "error",
                },
                stage.StartedAt,
                (stage.Took ?? time.GetUtcNow() - stage.StartedAt).TotalSeconds
            )),
        ];

    private void Change(string stage, Func<SeenStage, SeenStage> change)
    {
        SeenStage? seen;
        lock (_gate)
        {
            // The last of that name: an attempt that is tried again runs a stage twice.
            seen = _stages.FindLast(known => known.Name == stage);
        }

        if (seen is not null)
        {
            Put(change(seen), isNew: false);
        }
    }

    private void Put(SeenStage stage, bool isNew)
    {
        lock (_gate)
        {
            if (isNew)
            {
                _stages.Add(stage);
            }
            else
            {
                _stages[_stages.FindLastIndex(known => known.Name == stage.Name)] = stage;
            }
        }

        Changed?.Invoke(stage);
    }
}
