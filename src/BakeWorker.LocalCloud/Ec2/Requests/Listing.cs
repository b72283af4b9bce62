using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Requests;

/// <summary>A describe: its set, its filters, its paging, and how an entry looks.</summary>
internal sealed record Listing<T>(string Set, Filters<T> Filters, Func<T, IEnumerable<object?>> Render)
{
    /// <summary>Null for the few describes that EC2 does not page.</summary>
    public Paging? Paging { get; init; } = new();

    public IEnumerable<XElement> Of(QueryInput input, IEnumerable<T> items)
    {
        var matches = Filters.Read(input);
        var page = Paging?.Cut(input, items.Where(matches)) ?? new(items.Where(matches).ToList(), null);
        return Answer.Of(Answer.Set(Set, page.Items, Render), Answer.Value("nextToken", page.NextToken));
    }
}
