using BakeWorker.Core.Bakes;

namespace BakeWorker.Board.Pages;

/// <summary>What shows why a bake failed: last lines, consoles, logs, screenshots.</summary>
internal static class BakeEvidence
{
    public static Html Of(BoardBake bake, BakeResult? told)
    {
        var failure = told?.Failure;
        if (failure is not { Evidence: { Length: > 0 } } and not { Exhibits.Count: > 0 })
        {
            return Html.None;
        }

        return Html.Of(
            $"""
            <section aria-labelledby="evidence-title">
            <h2 id="evidence-title">Evidence</h2>
            {(failure.Step is { } step ? Html.Of($"<p>At step <b>{step}</b>.</p>") : Html.None)}
            {(failure.Evidence is { Length: > 0 } text ? Html.Of($"""<pre tabindex="0">{Shown.Tail(text)}</pre>""") : Html.None)}
            {(failure.Exhibits ?? []).Select((exhibit, index) => Show(bake, exhibit, index))}
            </section>
            """
        );
    }

    private static Html Show(BoardBake bake, Exhibit exhibit, int index) =>
        exhibit switch
        {
            { Text: { Length: > 0 } text } => Html.Of(
                $"""<details id="exhibit-{index}"><summary>{exhibit.Name}</summary><pre tabindex="0">{Shown.Tail(text)}</pre></details>"""
            ),
            { Base64: not null } when ExhibitAnswer.IsPicture(exhibit) => Html.Of(
                $"""<figure><img src="/bakes/{Uri.EscapeDataString(bake.BakeId)}/exhibits/{index}" alt="{exhibit.Name}"><figcaption>{exhibit.Name}</figcaption></figure>"""
            ),
            _ => Html.Of($"<p>{exhibit.Name} {(exhibit.File is { } file ? $"lies on the worker: {file}" : "is not kept here")}</p>"),
        };
}
