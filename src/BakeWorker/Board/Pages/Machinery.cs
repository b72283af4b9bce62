namespace BakeWorker.Board.Pages;

/// <summary>What bakes are made with: workers, and the budgets of AWS calls.</summary>
internal static class Machinery
{
    public static Html Workers(Overview overview) =>
        Html.Of(
            $"""
            <section aria-labelledby="workers-title">
            <h2 id="workers-title">Workers</h2>
            <ul class="plain">{overview.Workers.Select(Worker)}</ul>
            </section>
            """
        );

    public static Html Budgets(Overview overview) =>
        Html.Of(
            $"""
            <section aria-labelledby="budgets-title">
            <h2 id="budgets-title">Call budgets of this worker</h2>
            {(
                overview.Budgets.Count == 0
                    ? Html.Of($"""<p class="quiet">No call has drawn from a budget yet.</p>""")
                    : Html.Of($"""<ul class="plain">{overview.Budgets.Select(Budget)}</ul>""")
            )}
            </section>
            """
        );

    private static Html Worker(BoardWorker worker) =>
        Html.Of(
            $"""<li><b>{worker.Name}</b>{(worker.IsThis ? " (this one)" : "")} <span class="quiet">{worker.Active} baking{(worker.Places is { } places ? $", {places} at a time" : "")}</span></li>"""
        );

    private static Html Budget(Cloud.BoardBudget budget) =>
        Html.Of(
            $"""<li><b>{budget.Bucket}</b> <span class="quiet">{budget.Region}: {Math.Floor(budget.Calls)} calls at once, {budget.PerSecond}/s</span></li>"""
        );
}
