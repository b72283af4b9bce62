using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>Tags of parameters: AddTagsToResource, RemoveTagsFromResource, ListTagsForResource.</summary>
internal sealed class ParameterTags(ParameterStore store)
{
    private const int Limit = 50;

    public JsonObject Add(Call call, JsonObject input)
    {
        var parameter = Find(call, input);
        var tags = Read(input);
        if (parameter.Tags.Keys.Union(tags.Select(tag => tag.Key)).Count() > Limit)
        {
            throw new CloudException("TooManyTagsError", $"A parameter can have at most {Limit} tags.");
        }

        foreach (var (key, value) in tags)
        {
            parameter.Tags[key] = value;
        }

        return [];
    }

    public JsonObject Remove(Call call, JsonObject input)
    {
        var parameter = Find(call, input);
        foreach (var key in input.Strings("TagKeys"))
        {
            parameter.Tags.Remove(key);
        }

        return [];
    }

    public JsonObject List(Call call, JsonObject input)
    {
        var tags = Find(call, input).Tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
        return new JsonObject { ["TagList"] = new JsonArray(tags.ToArray()) };
    }

    /// <summary>The tags of a request, checked.</summary>
    public static IReadOnlyList<(string Key, string Value)> Read(JsonObject input)
    {
        var tags = input.Objects("Tags").Select(tag => (Key: tag.Required("Key"), Value: tag.Required("Value"))).ToList();
        foreach (var (key, value) in tags)
        {
            JsonRule.Length("Key", key, 1, 128);
            JsonRule.Length("Value", value, 0, 256);
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new CloudException("ValidationException", "Tag keys that begin with aws: are reserved for AWS.");
            }
        }

        return tags.Count <= Limit ? tags : throw new CloudException("TooManyTagsError", $"A parameter can have at most {Limit} tags.");
    }

    private Parameter Find(Call call, JsonObject input)
    {
        var type = input.Required("ResourceType");
        if (type != "Parameter")
        {
            throw new CloudException("InvalidResourceType", $"LocalCloud keeps tags of Parameter resources only, not of {type}.");
        }

        var id = input.Required("ResourceId");
        return store.Own(call.Region).GetValueOrDefault(id)
            ?? throw new CloudException("InvalidResourceId", $"The resource ID {id} isn't valid.");
    }
}
