using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Telemetry;
using BakeWorker.Output;

namespace BakeWorker.Board.Cloud;

/// <summary>Makes bakes of the board out of what resources tell of them: other workers' bakes, and those before this worker started.</summary>
internal static class SeenBakes
{
    public static BoardBake ToBoard(SeenBake seen, DateTimeOffset now)
    {
        var tags = seen.HomeImage?.Tags ?? seen.Machines[0].Tags;
        var state = StateOf(seen, now);
        var stages = Stages(seen, state == BakeStates.Running);
        return new BoardBake
        {
            BakeId = seen.BakeId,
            Recipe = seen.Recipe,
            Owner = tags.GetValueOrDefault(ResourceTags.Owner),
            State = state,
            Doing = state == BakeStates.Running ? seen.State : null,
            Reason = ReasonOf(seen, state),
            Code = seen.End?.Code,
            Actor = seen.End is { } end ? FailureGuide.For(end.Code).Actor : null,
            StartedAt = seen.StartedAt,
            EndedAt = state == BakeStates.Published ? ResourceTags.FindTime(tags, ResourceTags.ReleasedAt) : null,
            Worker = seen.Worker ?? tags.GetValueOrDefault(ResourceTags.Worker),
            Image = seen.Image,
            TraceId = BakeTelemetry.Parse(tags.GetValueOrDefault(ResourceTags.TraceParent))?.TraceId.ToHexString(),
            Stages = stages,
        };
    }

    private static string StateOf(SeenBake seen, DateTimeOffset now) =>
        seen switch
        {
            { HomeImage.IsReleased: true } => BakeStates.Published,
            { End: { } end } => end.Outcome.ToString().ToLowerInvariant(),
            { State: "ended" or "ended, builder kept" or "image failed" or "disabled" } => BakeStates.Ended,
            // Nobody works on a bake beyond its deadline: what is left of it waits for the sweep.
            _ when DeadlineOf(seen) < now => BakeStates.Ended,
            _ => BakeStates.Running,
        };

    private static string? ReasonOf(SeenBake seen, string state) =>
        seen switch
        {
            { End: { } end } => Shown.Line(end.Reason),
            { State: "disabled" } => "its image was retired",
            { State: "image failed" } => Shown.Line(seen.HomeImage?.Reason ?? "EC2 could not make its image"),
            { State: "ended, builder kept" } => "its builder is kept for people to look at",
            { State: "ended" } => "its instances are gone without an image",
            _ when state == BakeStates.Ended => "its deadline has passed; what is left of it waits for the sweep",
            _ => null,
        };

    private static DateTimeOffset? DeadlineOf(SeenBake seen) =>
        seen
            .Machines.Select(machine => machine.Tags)
            .Append(seen.HomeImage?.Tags ?? new Dictionary<string, string>())
            .Min(tags => ResourceTags.FindTime(tags, ResourceTags.Deadline));

    // What made something leaves its time: between two such times lies the stage that the names here stand for.
    private static IReadOnlyList<BoardStage> Stages(SeenBake seen, bool isRunning)
    {
        var image = seen.HomeImage;
        var tags = image?.Tags ?? new Dictionary<string, string>();
        var begun = new List<(string Name, DateTimeOffset At)>();
        Add("build", Launched("builder"));
        Add("capture-image", image?.CreatedAt);
        Add("boot-test", Launched("tester"));
        Add("publish", ResourceTags.FindTime(tags, ResourceTags.Publishing));
        var end = ResourceTags.FindTime(tags, ResourceTags.ReleasedAt);
        return [.. begun.Select((stage, index) => StageOf(stage, index + 1 < begun.Count ? begun[index + 1].At : end, isRunning))];

        DateTimeOffset? Launched(string role) =>
            seen.Machines.Where(machine => machine.Tags.GetValueOrDefault(ResourceTags.Role) == role).Min(machine => machine.LaunchedAt);

        void Add(string name, DateTimeOffset? at)
        {
            if (at is { } known && (begun.Count == 0 || known >= begun[^1].At))
            {
                begun.Add((name, known));
            }
        }
    }

    private static BoardStage StageOf((string Name, DateTimeOffset At) stage, DateTimeOffset? next, bool isRunning) =>
        new(
            stage.Name,
            next is not null ? BoardStage.Success
                : isRunning ? BoardStage.Running
                : BakeStates.Ended,
            stage.At,
            next is { } until ? (until - stage.At).TotalSeconds
                : isRunning ? null
                : 0,
            Note: null
        );
}
