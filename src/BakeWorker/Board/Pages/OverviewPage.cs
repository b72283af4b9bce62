namespace BakeWorker.Board.Pages;

/// <summary>The page on the wall: what bakes now, how the last ones ended, and whether anything needs a person.</summary>
internal static class OverviewPage
{
    public static Html Of(Frame frame, BakePage active, BakePage recent) =>
        Layout.Of(
            frame,
            frame.Overview.Active == 0 ? "Overview" : $"{frame.Overview.Active} baking",
            Html.Of(
                $"""
                <h1 class="unseen">Overview</h1>
                <p class="unseen" id="news" role="status" aria-live="polite">{News(recent)}</p>
                {Figures.Of(frame.Overview)}
                {ActiveBakes.Of(frame, active)}
                <section aria-labelledby="recent-title">
                <h2 id="recent-title">Latest outcomes</h2>
                {BakeTable.Of(recent.Bakes, frame.Now, "No bake has ended yet.")}
                {More(recent)}
                </section>
                {RecipeTable.Of(frame)}
                <div class="pair">
                {Machinery.Workers(frame.Overview)}
                {Machinery.Budgets(frame.Overview)}
                </div>
                """
            )
        );

    // Read out when it changes: the last bake that ended, and why.
    private static string News(BakePage recent) =>
        recent.Bakes is [{ } last, ..] ? $"{last.Recipe} {last.State}{(last.Reason is null ? "" : $": {last.Reason}")}" : "";

    private static Html More(BakePage recent) =>
        recent.Total > recent.Bakes.Count
            ? Html.Of($"""<p class="more"><a href="/bakes?state=ended">All {recent.Total} that ended</a></p>""")
            : Html.None;
}
