using System.Collections;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>How EC2 says that an id is not one, or not there. <c>{0}</c> in the sentence is the id.</summary>
internal sealed record IdErrors(string Prefix, string NotFoundCode, string MalformedCode, string NotFoundSentence);

/// <summary>The resources of one kind in one Region, in the order they were made.</summary>
internal sealed partial class ResourceTable<T>(IdErrors errors) : IResourceTable, IEnumerable<T>
    where T : Resource
{
    private readonly SortedDictionary<long, T> _ordered = [];
    private readonly Dictionary<string, T> _byId = [];
    private long _last;

    public int Count => _byId.Count;
    public string Prefix => errors.Prefix;

    public void Add(T resource)
    {
        resource.Number = ++_last;
        _byId.Add(resource.Id, resource);
        _ordered.Add(resource.Number, resource);
    }

    public void Remove(T resource)
    {
        _byId.Remove(resource.Id);
        _ordered.Remove(resource.Number);
    }

    public T? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The resource, or EC2's error for an id that is malformed or unknown.</summary>
    public T Get(string id)
    {
        RefuseMalformed(id);
        return Find(id) ?? throw NotFound(id);
    }

    /// <summary>All of these, or the error for the first that is missing; everything when none is named.</summary>
    public IEnumerable<T> Select(IReadOnlyList<string> ids) => ids.Count == 0 ? this : ids.Distinct().Select(Get).ToList();

    public CloudException NotFound(string id) => new(errors.NotFoundCode, string.Format(null, errors.NotFoundSentence, id));

    public void RefuseMalformed(string id)
    {
        if (!id.StartsWith(errors.Prefix + "-", StringComparison.Ordinal) || !IdPattern().IsMatch(id))
        {
            throw new CloudException(errors.MalformedCode, $"Invalid id: \"{id}\" (expecting \"{errors.Prefix}-...\")");
        }
    }

    public IEnumerator<T> GetEnumerator() => _ordered.Values.GetEnumerator();

    Resource IResourceTable.Get(string id) => Get(id);

    IEnumerable<Resource> IResourceTable.All => this;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [GeneratedRegex("^[a-z]+-(?:[0-9a-f]{8}|[0-9a-f]{17})$", RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}

/// <summary>A table whose resources can be tagged.</summary>
internal interface IResourceTable
{
    string Prefix { get; }
    IEnumerable<Resource> All { get; }
    Resource Get(string id);
}
