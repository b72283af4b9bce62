using System.Text.Json.Nodes;

namespace BakeWorker.Aws.Iam;

/// <summary>One statement of a policy: what is allowed or denied, on what, and under which conditions.</summary>
public sealed record IamStatement(string Sid, IReadOnlyList<string> Actions)
{
    public IReadOnlyList<string> Resources { get; init; } = ["*"];

    /// <summary>It takes away what any other statement, of any policy of the role, gives.</summary>
    public bool IsDenial { get; init; }

    /// <summary>Operator, key and values, such as <c>StringLike</c>, <c>aws:ResourceTag/…</c>, <c>bake-*</c>.</summary>
    public IReadOnlyList<IamCondition> Conditions { get; init; } = [];

    internal JsonObject ToJson()
    {
        var statement = new JsonObject
        {
            ["Sid"] = Sid,
            ["Effect"] = IsDenial ? "Deny" : "Allow",
            ["Action"] = List(Actions.Order(StringComparer.Ordinal)),
            ["Resource"] = List(Resources),
        };
        if (Conditions.Count > 0)
        {
            statement["Condition"] = new JsonObject(
                Conditions
                    .GroupBy(condition => condition.Operator)
                    .Select(group =>
                        KeyValuePair.Create(
                            group.Key,
                            (JsonNode?)new JsonObject(group.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)List(one.Values))))
                        )
                    )
            );
        }

        return statement;
    }

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}

/// <summary>A condition of a statement.</summary>
public sealed record IamCondition(string Operator, string Key, IReadOnlyList<string> Values);
