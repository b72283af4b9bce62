namespace BakeWorker.Board.Pages;

/// <summary>All bakes, by page and filter: the server searches, so the page stays small however many there are.</summary>
internal static class ListPage
{
    public static Html Of(Frame frame, BakeFilter filter, BakePage page) =>
        Layout.Of(
            frame,
            "All bakes",
            Html.Of(
                $"""
                <h1>Bakes</h1>
                <form method="get" action="/bakes" role="search">
                <label>State <select name="state"><option value="">any</option>{States(filter)}</select></label>
                <label>Text <input name="q" value="{filter.Text}" maxlength="100" placeholder="id, recipe, worker, reason"></label>
                {(
                    filter.Recipe is { } recipe
                        ? Html.Of($"""<label>Recipe <input name="recipe" value="{recipe}" maxlength="100"></label>""")
                        : Html.None
                )}
                <button>Show</button>
                </form>
                <p id="total" role="status" aria-live="polite">{Count(page)}</p>
                {BakeTable.Of(page.Bakes, frame.Now, "No bake fits.")}
                {Turning(filter, page)}
                """
            )
        );

    private static IEnumerable<Html> States(BakeFilter filter) =>
        ((string[])["active", "ended", .. BakeStates.All])
            .Distinct()
            .Select(state => Html.Of($"""<option{(state == filter.State ? " selected" : "")}>{state}</option>"""));

    private static string Count(BakePage page) =>
        page.Bakes.Count == 0
            ? $"0 of {page.Total}"
            : $"{((page.Page - 1) * page.Size) + 1} to {((page.Page - 1) * page.Size) + page.Bakes.Count} of {page.Total}";

    private static Html Turning(BakeFilter filter, BakePage page)
    {
        var last = Math.Max(1, (page.Total + page.Size - 1) / page.Size);
        return Html.Of(
            $"""
            <nav class="turn" aria-label="Pages">
            {(
                page.Page > 1
                    ? Html.Of($"""<a rel="prev" href="/bakes{filter.ToQuery(Math.Min(page.Page - 1, last))}">Younger</a>""")
                    : Html.None
            )}
            <span class="quiet">page {page.Page} of {last}</span>
            {(page.Page < last ? Html.Of($"""<a rel="next" href="/bakes{filter.ToQuery(page.Page + 1)}">Older</a>""") : Html.None)}
            </nav>
            """
        );
    }
}
