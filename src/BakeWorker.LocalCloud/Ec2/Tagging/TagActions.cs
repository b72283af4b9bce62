using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Tagging;

/// <summary>CreateTags, DeleteTags and DescribeTags.</summary>
internal static class TagActions
{
    private const int MaxResources = 1000;

    private static readonly Listing<(Resource Resource, string Key, string Value)> Listing = new(
        "tagSet",
        new Filters<(Resource Resource, string Key, string Value)>()
            .On("key", tag => tag.Key)
            .On("value", tag => tag.Value)
            .On("resource-id", tag => tag.Resource.Id)
            .On("resource-type", tag => tag.Resource.Type),
        tag =>
            [
                Value("resourceId", tag.Resource.Id),
                Value("resourceType", tag.Resource.Type),
                Value("key", tag.Key),
                Value("value", tag.Value),
            ]
    );

    public static IEnumerable<XElement> Create(Ec2Call call)
    {
        var resources = Resources(call);
        var tags = TagRules.Read(call.Input.Structures("Tag"));
        if (tags.Count == 0)
        {
            throw Ec2Errors.Missing("tagSet");
        }

        resources.ForEach(resource => TagRules.Apply(resource, tags));
        resources.ForEach(resource => resource.OnTagged());
        return True;
    }

    /// <summary>A tag with a value is removed only if it has that value; no tags at all removes every one.</summary>
    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var tags = call.Input.Structures("Tag");
        foreach (var resource in Resources(call))
        {
            if (tags.Count == 0)
            {
                resource.Tags.Clear();
            }

            foreach (var tag in tags)
            {
                var (key, value) = (tag.Required("Key"), tag.String("Value"));
                if (resource.Tags.TryGetValue(key, out var present) && (value is null || value == present))
                {
                    resource.Tags.Remove(key);
                }
            }

            resource.OnTagged();
        }

        return True;
    }

    public static IEnumerable<XElement> Describe(Ec2Call call) =>
        Listing.Of(
            call.Input,
            from table in call.Region.Tables
            from resource in table.All
            from tag in resource.Tags
            select (resource, tag.Key, tag.Value)
        );

    private static List<Resource> Resources(Ec2Call call)
    {
        var ids = call.Input.Strings("ResourceId");
        return ids.Count switch
        {
            0 => throw Ec2Errors.Missing("resourceIdSet"),
            > MaxResources => throw Ec2Errors.InvalidValue($"No more than {MaxResources} resources may be tagged in one call"),
            _ => ids.Select(call.Region.GetTaggable).ToList(),
        };
    }
}
