namespace BakeWorker.Board.Pages;

/// <summary>Stages as bars on a time axis. Positions are attributes of SVG, because the page's policy allows no inline styles.</summary>
internal static class Waterfall
{
    private const int LaneHeight = 9;
    private const int BarHeight = 7;
    private const double LeastWidth = 0.6;

    private static readonly TimeSpan[] Scales =
    [
        .. new[] { 10, 30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800, 14400, 21600 }.Select(s =>
            TimeSpan.FromSeconds(s)
        ),
    ];

    /// <summary>A round length of axis that so much time fits on.</summary>
    public static TimeSpan Scale(TimeSpan longest) =>
        Scales.FirstOrDefault(scale => scale >= longest) is var fitting && fitting > TimeSpan.Zero ? fitting : longest;

    /// <summary>All stages of a bake in one strip; those side by side lie in lanes below each other.</summary>
    public static Html Strip(BoardBake bake, TimeSpan scale, DateTimeOffset now)
    {
        if (bake.Stages.Count == 0)
        {
            return Html.Of($"""<span class="quiet">waiting for its first stage</span>""");
        }

        var (start, lanes) = (bake.StartedAt ?? bake.Stages.Min(stage => stage.StartedAt), new List<DateTimeOffset>());
        var bars = new List<Html>();
        foreach (var stage in bake.Stages.OrderBy(stage => stage.StartedAt))
        {
            var (from, to) = (stage.StartedAt, End(stage, now));
            var lane = lanes.FindIndex(end => end <= from.AddSeconds(0.05));
            if (lane < 0)
            {
                lane = lanes.Count;
                lanes.Add(to);
            }

            lanes[lane] = to;
            bars.Add(Bar(stage, from - start, to - from, scale, lane * LaneHeight));
        }

        return Html.Of(
            $"""<svg class="strip" height="{lanes.Count * LaneHeight}" width="100%" role="img" aria-label="{Words(bake)}">{bars}</svg>"""
        );
    }

    /// <summary>The bar of one stage on an axis of its bake.</summary>
    public static Html Row(BoardStage stage, DateTimeOffset start, TimeSpan scale, DateTimeOffset now) =>
        Html.Of(
            $"""<svg class="strip" height="13" width="100%" aria-hidden="true">{Bar(stage, stage.StartedAt - start, End(stage, now) - stage.StartedAt, scale, 3)}</svg>"""
        );

    public static DateTimeOffset End(BoardStage stage, DateTimeOffset now) =>
        stage.Seconds is { } seconds ? stage.StartedAt.AddSeconds(seconds) : now;

    // Every bar shows, however short, and none runs over the edge.
    private static Html Bar(BoardStage stage, TimeSpan offset, TimeSpan length, TimeSpan scale, int y)
    {
        var x = Math.Clamp(offset / scale * 100, 0, 100 - LeastWidth);
        var width = Math.Max(Math.Min(length / scale * 100, 100 - x), LeastWidth);
        return Html.Of(
            $"""<rect class="{Badge.Class(stage.State)}" x="{x}%" y="{y}" width="{width}%" height="{BarHeight}" rx="1.5"><title>{stage.Name}: {stage.State}, {Ages.Took(length)}</title></rect>"""
        );
    }

    private static string Words(BoardBake bake) =>
        string.Join(", ", bake.Stages.Select(stage => $"{stage.Name} {(stage.State == BoardStage.Success ? "done" : stage.State)}"));
}
