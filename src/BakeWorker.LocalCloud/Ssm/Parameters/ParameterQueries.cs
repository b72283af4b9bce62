using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>GetParameter, GetParameters, GetParametersByPath and GetParameterHistory.</summary>
internal sealed class ParameterQueries(LocalCloudAccount account, ParameterStore store)
{
    public JsonObject Get(Call call, JsonObject input) =>
        new() { ["Parameter"] = Render(store.Get(call.Region, input.Required("Name")), input) };

    public JsonObject GetMany(Call call, JsonObject input)
    {
        var names = JsonRule.Count("Names", input.Strings("Names"), 1, 10);
        var found = names.Select(name => store.FindReadable(call.Region, name)).OfType<ReadableParameter>();
        return new JsonObject
        {
            ["Parameters"] = new JsonArray(found.Select(JsonNode (parameter) => Render(parameter, input)).ToArray()),
            ["InvalidParameters"] = new JsonArray(
                names.Where(name => store.FindReadable(call.Region, name) is null).Select(name => (JsonNode)name).ToArray()
            ),
        };
    }

    public JsonObject GetByPath(Call call, JsonObject input)
    {
        var path = input.Required("Path");
        if (!path.StartsWith('/'))
        {
            throw new CloudException(
                "ValidationException",
                "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\"."
            );
        }

        var filters = ParameterFilter.Read(input);
        var found = store
            .Under(call.Region, path, input.Bool("Recursive") ?? false)
            .Where(parameter => filters.All(filter => Matches(filter, call.Region, parameter)))
            .ToList();
        return Page(
            input,
            found,
            parameter => Render(parameter, input),
            JsonRule.Range("MaxResults", input.Long("MaxResults"), 1, 10) ?? 10
        );
    }

    public JsonObject History(Call call, JsonObject input)
    {
        var parameter = store.Find(call.Region, input.Required("Name"));
        return Page(
            input,
            parameter.Versions,
            version =>
            {
                var answer = ParameterMetadata.Render(account, parameter, version);
                answer["Value"] = Shown(parameter.Type, version.Value, input);
                answer["Labels"] = new JsonArray(version.Labels.Select(label => (JsonNode)label).ToArray());
                return answer;
            },
            JsonRule.Range("MaxResults", input.Long("MaxResults"), 1, 50) ?? 50
        );
    }

    private bool Matches(ParameterFilter filter, string region, ReadableParameter parameter) =>
        filter.Key switch
        {
            "Type" => filter.IsMatch(parameter.Type),
            "DataType" => filter.IsMatch(parameter.DataType),
            "Label" => store.Own(region).GetValueOrDefault(parameter.Name)?.Latest.Labels.Any(filter.IsMatch) == true,
            "KeyId" => store.Own(region).GetValueOrDefault(parameter.Name)?.Latest.KeyId is { } key && filter.IsMatch(key),
            _ => throw new CloudException("InvalidFilterKey", $"The filter key {filter.Key} isn't valid for a path."),
        };

    private static JsonObject Page<T>(JsonObject input, IReadOnlyList<T> items, Func<T, JsonNode> render, long size) =>
        JsonPage.Of(
            items,
            "Parameters",
            render,
            size,
            ("NextToken", input.String("NextToken")),
            () => new CloudException("InvalidNextToken", "The specified token isn't valid.")
        );

    private static JsonObject Render(ReadableParameter parameter, JsonObject input)
    {
        var answer = new JsonObject
        {
            ["Name"] = parameter.Name,
            ["Type"] = parameter.Type,
            ["Value"] = Shown(parameter.Type, parameter.Value, input),
            ["Version"] = parameter.Version,
            ["LastModifiedDate"] = parameter.ModifiedAt.ToEpochSeconds(),
            ["ARN"] = parameter.Arn,
            ["DataType"] = parameter.DataType,
        };
        if (parameter.Selector.Length > 0)
        {
            answer["Selector"] = parameter.Selector;
        }

        return answer;
    }

    /// <summary>There is no KMS here: without decryption a secure string shows as an opaque text that is always the same.</summary>
    private static string Shown(string type, string value, JsonObject input) =>
        type != "SecureString" || input.Bool("WithDecryption") == true
            ? value
            : "AQICAH" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
