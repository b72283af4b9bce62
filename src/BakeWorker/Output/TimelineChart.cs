using BakeWorker.Core.Bakes;
using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>The stages of a bake as bars on one time axis.</summary>
public sealed class TimelineChart(IAnsiConsole console)
{
    private const int MostColumns = 40;

    /// <summary>What the figures before a bar take, and the edge behind it.</summary>
    private const int Figures = 40;

    // On a narrow screen the bars shrink before any line is folded.
    private int Columns => Math.Clamp(console.Profile.Width - Figures, 1, MostColumns);

    public void Write(BakeResult result)
    {
        if (result.Stages.Count == 0)
        {
            return;
        }

        var start = result.Stages.Min(stage => stage.StartedAt);
        var end = result.Stages.Max(stage => stage.StartedAt.AddSeconds(stage.Seconds));
        var total = Math.Max((end - start).TotalSeconds, 0.1);
        console.MarkupLine($"  [grey]{"stage", -15} {"start", 9} {"took", 9}[/]");
        foreach (var stage in result.Stages)
        {
            var offset = (stage.StartedAt - start).TotalSeconds;
            var (before, length) = Bar(offset / total, stage.Seconds / total);
            console.MarkupLine(
                $"  {stage.Name.EscapeMarkup(), -15} [grey]{Seconds(offset), 9}[/] {Seconds(stage.Seconds), 9}  "
                    + $"{new string(' ', before)}[{ColorOf(stage)}]{new string('━', length)}[/]{Word(stage)}"
            );
        }

        console.MarkupLine($"  {"in all", -15} {"", 9} {Seconds(total), 9}");
        console.WriteLine();
    }

    // Every stage shows, however short, and none runs over the edge.
    private (int Before, int Length) Bar(double offset, double share)
    {
        var length = Math.Clamp((int)Math.Round(share * Columns), 1, Columns);
        return (Math.Clamp((int)Math.Round(offset * Columns), 0, Columns - length), length);
    }

    private static string ColorOf(ResultStage stage) =>
        stage.Result switch
        {
            "success" => "green",
            "cancellation" => "grey",
            _ => "red",
        };

    private static string Word(ResultStage stage) => stage.Result == "success" ? "" : $" {stage.Result}";

    private static string Seconds(double seconds) => Texts.Seconds(TimeSpan.FromSeconds(seconds));
}
