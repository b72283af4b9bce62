using System.Globalization;
using System.Text;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Requests;

/// <summary>A page of results and the token of the next one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);

/// <summary>
/// How a describe pages. <paramref name="Min"/> and <paramref name="Max"/> bound MaxResults, which is refused together with the ids
/// of <paramref name="IdParameter"/> where EC2 does.
/// </summary>
internal sealed record Paging(int Min = 5, int Max = 1000, string? IdParameter = null)
{
    private const string Mark = "after:";

    public Page<T> Cut<T>(QueryInput input, IEnumerable<T> items)
    {
        var size = Size(input);
        var after = input.String("NextToken") is { Length: > 0 } token ? Decode(token) : 0;
        var rest = items.Select((item, index) => (Item: item, Number: Number(item, index))).Where(entry => entry.Number > after);
        var page = rest.Take(size + 1).ToList();
        return page.Count > size
            ? new(page.Take(size).Select(entry => entry.Item).ToList(), Encode(page[size - 1].Number))
            : new(page.Select(entry => entry.Item).ToList(), null);
    }

    private int Size(QueryInput input)
    {
        if (input.Int("MaxResults") is not { } size)
        {
            return Max;
        }

        if (IdParameter is not null && input.Has(IdParameter))
        {
            throw Ec2Errors.InvalidCombination($"The parameter {IdParameter} cannot be used with the parameter MaxResults");
        }

        if (size < Min)
        {
            throw Ec2Errors.InvalidValue("maxResults", $"{size}", $"Expecting a value greater than or equal to {Min}.");
        }

        return size <= Max
            ? size
            : throw Ec2Errors.InvalidValue("maxResults", $"{size}", $"Expecting a value less than or equal to {Max}.");
    }

    /// <summary>Resources are counted as they are made, so a page stays right when others come and go in between.</summary>
    private static long Number<T>(T item, int index) => item is Resource resource ? resource.Number : index + 1;

    private static string Encode(long number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Mark}{number}")));

    private static long Decode(string token)
    {
        var buffer = new byte[token.Length];
        return
            Convert.TryFromBase64String(token, buffer, out var length)
            && Encoding.ASCII.GetString(buffer, 0, length) is var text
            && text.StartsWith(Mark, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(Mark.Length), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CloudException("InvalidNextToken", "The token provided is invalid.");
    }
}
