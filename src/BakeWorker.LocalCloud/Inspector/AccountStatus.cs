using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector;

/// <summary>BatchGetAccountStatus and Enable.</summary>
internal sealed class AccountStatus(LocalCloudAccount account, InspectorBehavior behavior)
{
    private static readonly string[] OtherTypes = ["ecr", "lambda", "lambdaCode", "codeRepository"];

    public JsonObject BatchGet(JsonObject input) => Answer(input, status => ("state", State(status)), "resourceState", State);

    public JsonObject Enable(JsonObject input)
    {
        var types = JsonRule.Count("resourceTypes", input.Strings("resourceTypes"), 1, 6);
        foreach (var type in types)
        {
            JsonRule.OneOf("resourceTypes", type, "EC2", "ECR", "LAMBDA", "LAMBDA_CODE", "CODE_REPOSITORY", "MACHINE_IMAGE");
        }

        behavior.IsEnabled |= types.Contains("EC2", StringComparer.Ordinal);
        return Answer(input, status => ("status", status), "resourceStatus", status => status);
    }

    private JsonObject Answer(
        JsonObject input,
        Func<string, (string Name, JsonNode Value)> overall,
        string perType,
        Func<string, JsonNode> one
    )
    {
        IReadOnlyList<string> asked = input.Strings("accountIds") is { Count: > 0 } ids ? ids : [account.Options.AccountId];
        JsonRule.Count("accountIds", asked, 0, 100);
        var byOwnership = asked.ToLookup(id => id == account.Options.AccountId);
        return new JsonObject
        {
            ["accounts"] = new JsonArray(byOwnership[true].Select(JsonNode (id) => Account(id, overall, perType, one)).ToArray()),
            ["failedAccounts"] = new JsonArray(byOwnership[false].Select(JsonNode (id) => Stranger(id)).ToArray()),
        };
    }

    private JsonObject Account(string id, Func<string, (string Name, JsonNode Value)> overall, string perType, Func<string, JsonNode> one)
    {
        var status = behavior.IsEnabled ? "ENABLED" : "DISABLED";
        var (name, value) = overall(status);
        var resources = new JsonObject { ["ec2"] = one(status) };
        foreach (var type in OtherTypes)
        {
            resources[type] = one("DISABLED");
        }

        return new JsonObject
        {
            ["accountId"] = id,
            [name] = value,
            [perType] = resources,
        };
    }

    private static JsonObject Stranger(string id) =>
        new()
        {
            ["accountId"] = id,
            ["errorCode"] = "ACCESS_DENIED",
            ["errorMessage"] = "The caller may not see this account.",
        };

    private static JsonObject State(string status) => new() { ["status"] = status };
}
