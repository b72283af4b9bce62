using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Tagging;

/// <summary>The tags that a call puts on what it makes, by kind of resource.</summary>
internal sealed class TagSpecifications
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _byType = [];

    /// <summary>Reads <c>TagSpecification.N</c>; only these kinds may be named.</summary>
    public static TagSpecifications Read(QueryInput input, params ReadOnlySpan<string> kinds)
    {
        var read = new TagSpecifications();
        foreach (var specification in input.Structures("TagSpecification"))
        {
            var type =
                specification.String("ResourceType") ?? throw Ec2Errors.InvalidValue("Tag specification resource type must have a value");
            if (!kinds.Contains(type))
            {
                throw Ec2Errors.InvalidValue($"'{type}' is not a valid taggable resource type for this operation.");
            }

            var tags = TagRules.Read(specification.Structures("Tag"));
            if (tags.Count == 0)
            {
                throw Ec2Errors.InvalidValue("Tag specification must have at least one tag");
            }

            if (!read._byType.TryAdd(type, tags))
            {
                throw Ec2Errors.InvalidValue($"Multiple tag specifications for the resource type '{type}' are not allowed.");
            }
        }

        return read;
    }

    public IReadOnlyDictionary<string, string> For(string type) => _byType.GetValueOrDefault(type, None);

    /// <summary>Tags a new resource as the call asked for its kind.</summary>
    public T Put<T>(T resource)
        where T : Resource
    {
        TagRules.Apply(resource, For(resource.Type));
        return resource;
    }
}
