using BakeWorker.Core.Bakes;
using BakeWorker.Core.Telemetry;
using BakeWorker.Output;

namespace BakeWorker.Board.Journal;

/// <summary>The latest attempt of this worker at one bake, while it happens and afterwards. Of the request only what people may see.</summary>
internal sealed class JournalEntry(Bake bake, TimeProvider time)
{
    private readonly string _recipe = bake.Recipe.Name;
    private readonly string _owner = bake.Recipe.Owner;
    private readonly string _worker = bake.Worker;
    private readonly int _attempt = bake.Attempt;
    private readonly string? _requestedBy = bake.Request.RequestedBy;
    private readonly string _requestId = bake.Request.RequestId;
    private readonly string? _traceId = BakeTelemetry.Parse(bake.TraceParent)?.TraceId.ToHexString();
    private readonly DateTimeOffset _startedAt = bake.StartedAt;
    private string? _pause;

    public string BakeId { get; } = bake.Id.Value;
    public BakeTimeline Timeline { get; } = new(time);

    /// <summary>How the bake ended; null while it has not, and once it is too long ago to be kept.</summary>
    public BakeResult? Result { get; set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What lists show, once nothing changes any more.</summary>
    private BoardBake? Settled { get; set; }

    public void End(BakeResult? result, string? pause)
    {
        (Result, _pause, EndedAt) = (result, pause, time.GetUtcNow());
        Settled = Make();
    }

    public BoardBake ToBoard() => Settled ?? Make();

    private BoardBake Make()
    {
        var stages = Timeline.Stages;
        var running = stages.Where(stage => stage.IsRunning && EndedAt is null).ToList();
        return new BoardBake
        {
            BakeId = BakeId,
            Recipe = _recipe,
            Owner = _owner,
            State = State(),
            Doing = running.Count > 0 ? string.Join(", ", running.Select(stage => stage.Name)) : null,
            Note = running.LastOrDefault(stage => stage.Note.Length > 0)?.Note is { } note ? Shown.Line(note) : null,
            Reason = (Result?.Failure?.Message ?? _pause) is { } reason ? Shown.Line(reason) : null,
            Code = Result?.Failure?.Code,
            Actor = Result?.Failure?.Actor,
            StartedAt = _startedAt,
            EndedAt = EndedAt,
            Worker = _worker,
            Attempt = _attempt,
            RequestId = _requestId,
            RequestedBy = _requestedBy,
            Image = Result?.Images.Values.FirstOrDefault(),
            TraceId = Result?.TraceId ?? _traceId,
            Stages = [.. stages.Select(StageOf)],
            IsOwn = true,
        };
    }

    private string State() =>
        this switch
        {
            { EndedAt: null } => BakeStates.Running,
            { Result: null } => BakeStates.Paused,
            _ => Result.Outcome.ToString().ToLowerInvariant(),
        };

    // A stage that was still running when its attempt ended went down with it.
    private BoardStage StageOf(SeenStage stage) =>
        new(
            stage.Name,
            stage switch
            {
                { IsRunning: true } => EndedAt is null ? BoardStage.Running : "cancellation",
                { Failure: null } => BoardStage.Success,
                _ => stage.Failure,
            },
            stage.StartedAt,
            (stage.Took ?? EndedAt - stage.StartedAt)?.TotalSeconds,
            stage.Note.Length > 0 ? Shown.Line(stage.Note) : null
        );
}
