using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Tagging;

/// <summary>EC2's limits on tags.</summary>
internal static class TagRules
{
    private const int MaxTags = 50;
    private const int MaxKey = 127;
    private const int MaxValue = 256;

    /// <summary>Reads a list of tags and refuses what EC2 refuses.</summary>
    public static Dictionary<string, string> Read(IEnumerable<QueryInput> tags)
    {
        var read = new Dictionary<string, string>();
        foreach (var tag in tags)
        {
            var (key, value) = (tag.String("Key") ?? "", tag.String("Value") ?? "");
            Check(key, value);
            if (!read.TryAdd(key, value))
            {
                throw Ec2Errors.InvalidValue($"Duplicate tag key '{key}' specified.");
            }
        }

        return read;
    }

    /// <summary>Puts the tags on, or none of them when there would be too many.</summary>
    public static void Apply(Resource resource, IReadOnlyDictionary<string, string> tags)
    {
        if (resource.Tags.Keys.Union(tags.Keys).Count() > MaxTags)
        {
            throw new CloudException("TagLimitExceeded", $"The maximum number of tags for resource '{resource.Id}' is {MaxTags}");
        }

        foreach (var (key, value) in tags)
        {
            resource.Tags[key] = value;
        }
    }

    private static void Check(string key, string value)
    {
        if (key.Length == 0)
        {
            throw Ec2Errors.InvalidValue("Tag key cannot be empty");
        }

        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
        {
            throw Ec2Errors.InvalidValue($"Tag keys starting with 'aws:' are reserved for internal use: '{key}'");
        }

        if (key.Length > MaxKey)
        {
            throw Ec2Errors.InvalidValue($"Tag key exceeds the maximum length of {MaxKey} characters: '{key}'");
        }

        if (value.Length > MaxValue)
        {
            throw Ec2Errors.InvalidValue($"Tag value exceeds the maximum length of {MaxValue} characters: '{value}'");
        }
    }
}
