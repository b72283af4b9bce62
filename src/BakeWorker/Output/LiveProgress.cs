using Spectre.Console;
using Spectre.Console.Rendering;

namespace BakeWorker.Output;

/// <summary>Shows a bake as a table of its stages that redraws itself while it runs.</summary>
public sealed class LiveProgress(Terminal terminal, BakeTimeline timeline, TimeProvider time)
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    public async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        var bake = work();
        await terminal
            .Progress.Live(Draw())
            .AutoClear(true)
            .StartAsync(async live =>
            {
                while (!bake.IsCompleted)
                {
                    live.UpdateTarget(Draw());
                    await Task.WhenAny(bake, Task.Delay(Frame, time));
                }
            });
        return await bake;
    }

    internal IRenderable Draw()
    {
        var now = time.GetUtcNow();
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap().PadLeft(1).PadRight(1));
        grid.AddColumn(new GridColumn().NoWrap().PadRight(2));
        grid.AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2));
        grid.AddColumn(new GridColumn().NoWrap());
        foreach (var stage in timeline.Stages)
        {
            grid.AddRow(
                Sign(stage, now),
                new Text(stage.Name, stage.IsRunning ? Style.Plain : new Style(Color.Grey)),
                new Text(Texts.Seconds(stage.Took ?? now - stage.StartedAt), new Style(Color.Grey)),
                new Text(stage.Failure ?? stage.Note, new Style(stage.Failure is null ? Color.Grey : Color.Red))
                {
                    Overflow = Overflow.Ellipsis,
                }
            );
        }

        return grid;
    }

    private Text Sign(SeenStage stage, DateTimeOffset now) =>
        stage switch
        {
            { IsRunning: true } => new Text(
                Frames[(int)((now - timeline.StartedAt) / Frame % Frames.Length)].ToString(),
                new Style(Color.Aqua)
            ),
            { Failure: null } => new Text("✔", new Style(Color.Green)),
            _ => new Text("✘", new Style(Color.Red)),
        };
}
