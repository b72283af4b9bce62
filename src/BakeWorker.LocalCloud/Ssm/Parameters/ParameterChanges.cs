using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>DeleteParameter(s) and the labels of versions.</summary>
internal sealed partial class ParameterChanges(ParameterStore store)
{
    private const int LabelLimit = 10;

    public JsonObject Delete(Call call, JsonObject input)
    {
        var name = input.Required("Name");
        if (!store.Own(call.Region).Remove(name))
        {
            throw ParameterStore.NotFound(name);
        }

        store.Save(call.Region);
        return [];
    }

    public JsonObject DeleteMany(Call call, JsonObject input)
    {
        var own = store.Own(call.Region);
        var names = JsonRule.Count("Names", input.Strings("Names"), 1, 10).ToLookup(own.Remove);
        store.Save(call.Region);
        return new JsonObject { ["DeletedParameters"] = Array(names[true]), ["InvalidParameters"] = Array(names[false]) };
    }

    /// <summary>Moves labels to a version; those that may not exist are answered, not refused.</summary>
    public JsonObject Label(Call call, JsonObject input)
    {
        var parameter = store.Find(call.Region, input.Required("Name"));
        var version = FindVersion(parameter, input.Long("ParameterVersion") ?? parameter.Latest.Version);
        var labels = JsonRule.Count("Labels", input.Strings("Labels"), 1, LabelLimit).ToLookup(LabelPattern().IsMatch);
        if (version.Labels.Union(labels[true]).Count() > LabelLimit)
        {
            throw new CloudException(
                "ParameterVersionLabelLimitExceeded",
                $"A parameter version can have a maximum of {LabelLimit} labels."
            );
        }

        foreach (var label in labels[true])
        {
            parameter.Versions.ForEach(other => other.Labels.Remove(label));
            version.Labels.Add(label);
        }

        return new JsonObject { ["InvalidLabels"] = Array(labels[false]), ["ParameterVersion"] = version.Version };
    }

    public JsonObject Unlabel(Call call, JsonObject input)
    {
        var parameter = store.Find(call.Region, input.Required("Name"));
        var version = FindVersion(parameter, input.Long("ParameterVersion") ?? 0);
        var labels = JsonRule.Count("Labels", input.Strings("Labels"), 1, LabelLimit).ToLookup(version.Labels.Remove);
        return new JsonObject { ["RemovedLabels"] = Array(labels[true]), ["InvalidLabels"] = Array(labels[false]) };
    }

    private static ParameterVersion FindVersion(Parameter parameter, long number) =>
        parameter.Versions.Find(version => version.Version == number) ?? throw ParameterStore.VersionNotFound(parameter.Name, $"{number}");

    private static JsonArray Array(IEnumerable<string> texts) => new(texts.Select(text => (JsonNode)text).ToArray());

    [GeneratedRegex(@"^(?!\d|aws|ssm)[a-zA-Z0-9_.\-]{1,100}$", RegexOptions.IgnoreCase)]
    private static partial Regex LabelPattern();
}
