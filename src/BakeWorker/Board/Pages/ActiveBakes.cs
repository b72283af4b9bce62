namespace BakeWorker.Board.Pages;

/// <summary>What bakes now: one row each, all on the same time axis.</summary>
internal static class ActiveBakes
{
    public static Html Of(Frame frame, BakePage active)
    {
        var scale = Waterfall.Scale(active.Bakes.Select(bake => frame.Now - (bake.StartedAt ?? frame.Now)).DefaultIfEmpty().Max());
        return Html.Of(
            $"""
            <section aria-labelledby="active-title">
            <h2 id="active-title">Baking now {(
                active.Bakes.Count > 0 ? Html.Of($"""<span class="axis">0 – {Ages.Took(scale)}</span>""") : Html.None
            )}</h2>
            {(active.Bakes.Count == 0 ? Html.Of($"""<p class="quiet">Nothing is baking.</p>""") : Rows(frame, active, scale))}
            {More(active)}
            </section>
            """
        );
    }

    private static Html Rows(Frame frame, BakePage active, TimeSpan scale) =>
        Html.Of($"""<ul class="active">{active.Bakes.Select(bake => Row(frame, bake, scale))}</ul>""");

    private static Html Row(Frame frame, BoardBake bake, TimeSpan scale) =>
        Html.Of(
            $"""
            <li id="{bake.BakeId}">
            <div class="who"><a href="/bakes/{Uri.EscapeDataString(bake.BakeId)}">{bake.Recipe}</a><span class="quiet">{bake.RequestId
                ?? bake.BakeId}</span></div>
            <div class="what">{(
                bake.State == BakeStates.Paused ? Badge.Of(bake.State) : Html.None
            )} <b>{bake.Doing}</b> <span class="quiet">{bake.Note ?? bake.Reason}</span></div>
            <div class="bars">{Waterfall.Strip(bake, scale, frame.Now)}</div>
            <div class="when"><b>{Ages.Took(frame.Now - (bake.StartedAt ?? frame.Now))}</b><span class="quiet">{bake.Worker}</span></div>
            </li>
            """
        );

    private static Html More(BakePage active) =>
        active.Total > active.Bakes.Count
            ? Html.Of($"""<p class="more"><a href="/bakes?state=active">{active.Total - active.Bakes.Count} more are baking</a></p>""")
            : Html.None;
}
