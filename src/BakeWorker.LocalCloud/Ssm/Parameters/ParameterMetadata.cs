using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>DescribeParameters: everything but the values.</summary>
internal sealed class ParameterMetadata(LocalCloudAccount account, ParameterStore store)
{
    public JsonObject Describe(Call call, JsonObject input)
    {
        var filters = ParameterFilter.Read(input);
        var found = store.Own(call.Region).Values.Where(parameter => filters.All(filter => Matches(filter, parameter))).ToList();
        return JsonPage.Of(
            found,
            "Parameters",
            parameter =>
            {
                var answer = Render(account, parameter, parameter.Latest);
                answer["ARN"] = store.Arn(call.Region, parameter.Name);
                return answer;
            },
            JsonRule.Range("MaxResults", input.Long("MaxResults"), 1, 50) ?? 10,
            ("NextToken", input.String("NextToken")),
            () => new CloudException("InvalidNextToken", "The specified token isn't valid.")
        );
    }

    public static JsonObject Render(LocalCloudAccount account, Parameter parameter, ParameterVersion version)
    {
        var answer = new JsonObject
        {
            ["Name"] = parameter.Name,
            ["Type"] = parameter.Type,
            ["LastModifiedDate"] = version.ModifiedAt.ToEpochSeconds(),
            ["LastModifiedUser"] = $"arn:aws:iam::{account.Options.AccountId}:user/localcloud",
            ["Version"] = version.Version,
            ["Tier"] = version.Tier,
            ["Policies"] = new JsonArray(),
            ["DataType"] = version.DataType,
        };
        foreach (
            var (name, value) in new[]
            {
                ("Description", version.Description),
                ("AllowedPattern", version.AllowedPattern),
                ("KeyId", version.KeyId),
            }
        )
        {
            if (value is not null)
            {
                answer[name] = value;
            }
        }

        return answer;
    }

    private static bool Matches(ParameterFilter filter, Parameter parameter) =>
        filter.Key switch
        {
            "Name" => filter.IsMatch(parameter.Name),
            "Path" => filter.IsUnder(parameter.Name),
            "Type" => filter.IsMatch(parameter.Type),
            "Tier" => filter.IsMatch(parameter.Latest.Tier),
            "DataType" => filter.IsMatch(parameter.Latest.DataType),
            "KeyId" => parameter.Latest.KeyId is { } key && filter.IsMatch(key),
            _ when filter.Key.StartsWith("tag:", StringComparison.Ordinal) => parameter.Tags.TryGetValue(filter.Key[4..], out var tag)
                && (filter.Values.Count == 0 || filter.IsMatch(tag)),
            _ => throw new CloudException("InvalidFilterKey", $"The filter key {filter.Key} isn't valid."),
        };
}
