namespace BakeWorker.Output;

/// <summary>Tells a bake as lines of standard error, for logs and pipes.</summary>
public sealed class PlainProgress(Terminal terminal, BakeTimeline timeline, TimeProvider time)
{
    public async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        timeline.Changed = Print;
        try
        {
            return await work();
        }
        finally
        {
            timeline.Changed = null;
        }
    }

    private void Print(SeenStage stage)
    {
        var what = stage switch
        {
            { Took: { } took, Failure: null } => $"done in {Texts.Seconds(took)}",
            { Took: { } took, Failure: { } failure } => $"{failure} after {Texts.Seconds(took)}",
            { Note.Length: > 0 } => stage.Note,
            _ => "…",
        };
        terminal.Say($"{Texts.Clock(time.GetUtcNow() - timeline.StartedAt)}  {stage.Name, -15} {what}");
    }
}
