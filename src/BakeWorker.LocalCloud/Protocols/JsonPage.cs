using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>One page of a list operation. The token holds the position; it is opaque to callers, as on AWS.</summary>
public static class JsonPage
{
    private const string Prefix = "page:";

    /// <summary>Answers <c>{ listName: […], tokenName: … }</c>; the token is left out on the last page.</summary>
    public static JsonObject Of<T>(
        IEnumerable<T> items,
        string listName,
        Func<T, JsonNode> render,
        long size,
        (string Name, string? Value) token,
        Func<CloudException> badToken
    )
    {
        var start = Position(token.Value, badToken);
        // One more than the page tells whether there is a next one; what comes after it is left alone.
        var rest = items.Skip(start).Take((int)size + 1).ToList();
        var page = rest.Take((int)size).Select(render).ToArray();
        var answer = new JsonObject { [listName] = new JsonArray(page) };
        if (page.Length < rest.Count)
        {
            answer[token.Name] = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Prefix}{start + page.Length}"));
        }

        return answer;
    }

    private static int Position(string? token, Func<CloudException> badToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        var bytes = new byte[token.Length];
        return
            Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is var text
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw badToken();
    }
}
