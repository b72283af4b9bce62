using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace BakeWorker.Board;

/// <summary>Which bakes of how many are asked for, as it stands in an address.</summary>
internal sealed record BakeFilter
{
    public const int MostPerPage = 200;
    private const int PerPage = 50;
    private const int LongestText = 100;

    /// <summary><c>active</c>, <c>ended</c> or one of <see cref="BakeStates"/>; null for all.</summary>
    public string? State { get; init; }
    public string? Recipe { get; init; }

    /// <summary>Part of an id, a recipe, a worker, a requester or a reason.</summary>
    public string? Text { get; init; }

    /// <summary>1-based.</summary>
    public int Page { get; init; } = 1;
    public int Size { get; init; } = PerPage;

    /// <summary>Whatever an address says: what makes no sense there is left out.</summary>
    public static BakeFilter From(IQueryCollection query) =>
        new()
        {
            State = Find(query, "state") is { } state && (state is "active" or "ended" || BakeStates.All.Contains(state)) ? state : null,
            Recipe = Find(query, "recipe"),
            Text = Find(query, "q"),
            Page = Number(query, "page", 1, int.MaxValue / MostPerPage),
            Size = Number(query, "size", PerPage, MostPerPage),
        };

    public bool Fits(BoardBake bake) =>
        State switch
        {
            null => true,
            "active" => bake.IsActive,
            "ended" => !bake.IsActive,
            _ => bake.State == State,
        }
        && (Recipe is null || bake.Recipe == Recipe)
        && (Text is null || Texts(bake).Any(text => text?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true));

    /// <summary>The address of another page of the same list.</summary>
    public string ToQuery(int page)
    {
        var query = QueryString.Empty;
        foreach (var (name, value) in ((string, string?)[])[("state", State), ("recipe", Recipe), ("q", Text)])
        {
            query = value is null ? query : query.Add(name, value);
        }

        query = page == 1 ? query : query.Add("page", page.ToString(CultureInfo.InvariantCulture));
        return query.HasValue ? query.Value! : "?";
    }

    private static IEnumerable<string?> Texts(BoardBake bake) =>
        [bake.BakeId, bake.Recipe, bake.Worker, bake.RequestId, bake.RequestedBy, bake.Reason, bake.Code, bake.Image];

    private static string? Find(IQueryCollection query, string name) =>
        query[name].ToString() is { Length: > 0 and <= LongestText } value ? value : null;

    private static int Number(IQueryCollection query, string name, int otherwise, int most) =>
        int.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? Math.Min(number, most)
            : otherwise;
}
