using Amazon.EC2;
using Amazon.EC2.Model;

namespace BakeWorker.Aws.Ec2;

/// <summary>Tags and filters in EC2's own shapes.</summary>
internal static class Ec2Tags
{
    public static List<Tag> ToEc2(this IReadOnlyDictionary<string, string> tags) =>
        [.. tags.Select(pair => new Tag { Key = pair.Key, Value = pair.Value })];

    public static IReadOnlyDictionary<string, string> ToDictionary(List<Tag>? tags) =>
        (tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value ?? "");

    /// <summary>The same tags on every kind of resource that one call makes.</summary>
    public static List<TagSpecification> On(this IReadOnlyDictionary<string, string> tags, params ReadOnlySpan<ResourceType> types)
    {
        var specifications = new List<TagSpecification>();
        foreach (var type in types)
        {
            specifications.Add(new TagSpecification { ResourceType = type, Tags = tags.ToEc2() });
        }

        return specifications;
    }

    public static Filter Filter(string name, params IEnumerable<string> values) => new() { Name = name, Values = [.. values] };

    public static Filter TagFilter(string tag, string value) => Filter($"tag:{tag}", value);
}
