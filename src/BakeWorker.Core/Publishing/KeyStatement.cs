using System.Text.Json;

namespace BakeWorker.Core.Publishing;

/// <summary>One statement of a KMS key's policy.</summary>
internal sealed class KeyStatement(JsonElement statement)
{
    private const string Everybody = "*";

    /// <summary>The statements of a policy. One that cannot be read as a policy has none, so it allows nobody anything.</summary>
    public static IReadOnlyList<KeyStatement> Read(string policy)
    {
        try
        {
            using var document = JsonDocument.Parse(policy);
            return document.RootElement.TryGetProperty("Statement", out var statements)
                ? [.. Each(statements).Select(statement => new KeyStatement(statement.Clone()))]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>It lets him do that. What nobody can tell beforehand, such as a condition on his address, is not held against it.</summary>
    public bool Allows(KeyCaller caller, string action) =>
        Text("Effect") == "Allow" && Concerns(action) && Names(caller) && Holds(caller) is not false;

    /// <summary>It forbids him that for sure, whatever else allows it.</summary>
    public bool Denies(KeyCaller caller, string action) =>
        Text("Effect") == "Deny" && Concerns(action) && NamesAllOf(caller) && Holds(caller) is true;

    private bool Concerns(string action) =>
        Texts("Action") is { Count: > 0 } actions
            ? actions.Any(pattern => Wildcards.Match(pattern, action))
            : Texts("NotAction") is { Count: > 0 } others && !others.Any(pattern => Wildcards.Match(pattern, action));

    // A role of his account is somebody there, too.
    private bool Names(KeyCaller caller) =>
        Principals("Principal") is { Count: > 0 } named
            ? named.Any(one => one == Everybody || (caller.Account is { } account && AccountOf(one) == account))
            : Principals("NotPrincipal") is { Count: > 0 } others
                && !others.Any(one => one == Everybody || AccountOf(one) == caller.Account);

    // But only who names the account as a whole, or everybody, forbids it to all of them.
    private bool NamesAllOf(KeyCaller caller) =>
        Principals("Principal") is { Count: > 0 } named
            ? named.Any(one =>
                one == Everybody
                || (caller.Account is { } account && AccountOf(one) == account && (one == account || one.EndsWith(":root")))
            )
            : Names(caller);

    private bool? Holds(KeyCaller caller)
    {
        if (!statement.TryGetProperty("Condition", out var condition) || condition.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var each = condition
            .EnumerateObject()
            .SelectMany(test => Members(test.Value).Select(key => Holds(caller, test.Name, key.Name, TextsOf(key.Value))))
            .ToList();
        return each.Contains(false) ? false
            : each.Contains(null) ? null
            : true;
    }

    private static bool? Holds(KeyCaller caller, string test, string key, IReadOnlyList<string> values)
    {
        var name = test.Split(':')[^1].Replace("IfExists", "", StringComparison.OrdinalIgnoreCase).ToLowerInvariant();
        return name switch
        {
            "stringequals" or "stringlike" or "stringequalsignorecase" or "bool" => caller.Has(key, values),
            "stringnotequals" or "stringnotlike" or "stringnotequalsignorecase" => !caller.Has(key, values),
            _ => null,
        };
    }

    // arn:aws:iam::111122223333:role/builder, or the account by itself.
    private static string AccountOf(string principal) => principal.Split(':') is [_, _, _, _, var account, ..] ? account : principal;

    private string? Text(string member) =>
        statement.ValueKind == JsonValueKind.Object
        && statement.TryGetProperty(member, out var text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private IReadOnlyList<string> Texts(string member) => statement.TryGetProperty(member, out var texts) ? TextsOf(texts) : [];

    private IReadOnlyList<string> Principals(string member) =>
        !statement.TryGetProperty(member, out var principal) ? []
        : principal.ValueKind != JsonValueKind.Object ? TextsOf(principal)
        : principal.TryGetProperty("AWS", out var accounts) ? TextsOf(accounts)
        : [];

    private static IReadOnlyList<string> TextsOf(JsonElement oneOrMany) =>
        [
            .. Each(oneOrMany)
                .Select(text =>
                    text.ValueKind switch
                    {
                        JsonValueKind.String => text.GetString(),
                        JsonValueKind.True => "true",
                        JsonValueKind.False => "false",
                        _ => null,
                    }
                )
                .OfType<string>(),
        ];

    private static JsonElement[] Each(JsonElement oneOrMany) =>
        oneOrMany.ValueKind == JsonValueKind.Array ? [.. oneOrMany.EnumerateArray()] : [oneOrMany];

    private static JsonElement.ObjectEnumerator Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : default;
}
