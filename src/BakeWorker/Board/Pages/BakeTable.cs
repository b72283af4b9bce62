namespace BakeWorker.Board.Pages;

/// <summary>Bakes as a table.</summary>
internal static class BakeTable
{
    public static Html Of(IReadOnlyList<BoardBake> bakes, DateTimeOffset now, string nothing) =>
        bakes.Count == 0
            ? Html.Of($"""<p class="quiet">{nothing}</p>""")
            : Html.Of(
                $"""
                <div class="scroll" tabindex="0" role="region" aria-label="Bakes"><table>
                <thead><tr><th scope="col">State</th><th scope="col">Bake</th><th scope="col">Why</th><th scope="col">Took</th><th scope="col">When</th><th scope="col">Worker</th></tr></thead>
                <tbody>{bakes.Select(bake => Row(bake, now))}</tbody>
                </table></div>
                """
            );

    private static Html Row(BoardBake bake, DateTimeOffset now) =>
        Html.Of(
            $"""
            <tr id="{bake.BakeId}">
            <td>{Badge.Of(bake.State)}</td>
            <td><a href="/bakes/{Uri.EscapeDataString(bake.BakeId)}">{bake.Recipe}</a><br><span class="quiet">{bake.RequestId
                ?? bake.BakeId}</span></td>
            <td class="why">{Why(bake)}</td>
            <td class="number">{(
                bake is { StartedAt: { } start, EndedAt: { } end } ? Ages.Took(end - start)
                : bake is { IsActive: true, StartedAt: { } since } ? Ages.Took(now - since)
                : "–"
            )}</td>
            <td>{((bake.EndedAt ?? bake.StartedAt) is { } at ? Ages.Ago(at, now) : Html.Of($"–"))}</td>
            <td>{bake.Worker ?? "–"}</td>
            </tr>
            """
        );

    private static Html Why(BoardBake bake) =>
        bake switch
        {
            { Reason: { } reason } => Html.Of($"{reason} {Code(bake)}"),
            { Image: { } image } => Html.Of($"""<code>{image}</code>"""),
            { Doing: { } doing } => Html.Of($"{doing}"),
            _ => Html.None,
        };

    private static Html Code(BoardBake bake) =>
        bake.Code is { } code
            ? Html.Of($"""<span class="quiet">{code}{(bake.Actor is { } actor ? $", for the {actor}" : "")}</span>""")
            : Html.None;
}
