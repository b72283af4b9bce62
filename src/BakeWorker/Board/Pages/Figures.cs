namespace BakeWorker.Board.Pages;

/// <summary>The few figures that say whether all is well.</summary>
internal static class Figures
{
    public static Html Of(Overview overview)
    {
        var queue = overview.Queue;
        return Html.Of(
            $"""
            <dl class="figures">
            {Figure("Baking", overview.Active, "is-running", "/bakes?state=active")}
            {Figure("Waiting", queue?.Waiting, "", null)}
            {(queue?.Nightly is null ? Html.None : Figure("Waiting for the night", queue.Nightly, "", null))}
            {Figure("Dead letters", queue?.Dead, queue?.Dead > 0 ? "is-failed" : "", null)}
            {Figure("Published", Count("published"), "is-good", "/bakes?state=published")}
            {Figure("Rejected", Count("rejected"), "is-rejected", "/bakes?state=rejected")}
            {Figure("Failed", Count("failed"), "is-failed", "/bakes?state=failed")}
            </dl>
            """
        );

        int Count(string state) => overview.Counts.GetValueOrDefault(state);
    }

    private static Html Figure(string name, int? value, string style, string? link)
    {
        var figure = value is { } known ? Html.Of($"{known}") : Html.Of($"""<span title="not known">–</span>""");
        var tone = value is null or 0 ? "" : style;
        return Html.Of(
            $"""<div class="{tone}"><dt>{name}</dt><dd>{(link is null ? figure : Html.Of($"""<a href="{link}">{figure}</a>"""))}</dd></div>"""
        );
    }
}
