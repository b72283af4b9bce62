using BakeWorker.Board.Cloud;

namespace BakeWorker.Board.Pages;

/// <summary>Recipes with the images that consumers use now.</summary>
internal static class RecipeTable
{
    public static Html Of(Frame frame) =>
        Html.Of(
            $"""
            <section aria-labelledby="recipes-title">
            <h2 id="recipes-title">Recipes</h2>
            {(frame.Overview.Recipes.Count == 0 ? Html.Of($"""<p class="quiet">No recipe has been read yet.</p>""") : Table(frame))}
            </section>
            """
        );

    private static Html Table(Frame frame) =>
        Html.Of(
            $"""
            <div class="scroll" tabindex="0" role="region" aria-label="Recipes"><table>
            <thead><tr><th scope="col">Recipe</th><th scope="col">Current image</th><th scope="col">Age</th><th scope="col">Findings</th><th scope="col">Schedule</th></tr></thead>
            <tbody>{frame.Overview.Recipes.Select(recipe => Row(recipe, frame.Now))}</tbody>
            </table></div>
            """
        );

    private static Html Row(BoardRecipe recipe, DateTimeOffset now) =>
        Html.Of(
            $"""
            <tr>
            <td><a href="/bakes?recipe={Uri.EscapeDataString(
                recipe.Name
            )}">{recipe.Name}</a><br><span class="quiet">{recipe.Owner}</span></td>
            <td>{Image(recipe)}</td>
            <td>{(recipe.CreatedAt is { } at ? Ages.Age(at, now) : Html.Of($"–"))}</td>
            <td>{(recipe.Findings is { } findings ? Findings(findings) : Html.Of($"–"))}</td>
            <td>{recipe.Schedule ?? "–"}</td>
            </tr>
            """
        );

    private static Html Image(BoardRecipe recipe) =>
        Html.Of(
            $"""{(recipe.Image is { } image ? Html.Of($"<code>{image}</code>") : Html.Of($"""<span class="quiet">none</span>"""))}{(recipe.Trouble is { } trouble ? Html.Of($"""<br><span class="bad">{trouble}</span>""") : Html.None)}"""
        );

    private static Html Findings(BoardFindings found) =>
        Html.Of(
            $"{Count(found.Critical, "critical", isBad: true)}{Count(found.High, "high", isBad: true)}{Count(found.Medium, "medium", isBad: false)}{Count(found.Low, "low", isBad: false)}"
        );

    private static Html Count(int count, string severity, bool isBad) =>
        Html.Of($"""<span class="count {(count == 0 ? "zero" : isBad ? "bad" : "")}">{count} {severity}</span>""");
}
