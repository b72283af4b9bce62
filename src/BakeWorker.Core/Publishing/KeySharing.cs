using System.Text.Json;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Publishing;

/// <summary>
/// Whether a key's policy or grants let those use it whom an image is shared with: EC2 does not look, their launches just die. Statements that
/// deny, and conditions beyond the principal, are not weighed.
/// </summary>
public static class KeySharing
{
    /// <summary>What EC2 must be allowed in the name of a foreign account to start an instance of an encrypted image.</summary>
    public static readonly IReadOnlyList<string> Needed =
    [
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:GenerateDataKeyWithoutPlaintext",
    ];

    /// <summary>Accounts and ARNs that nothing lets use the key. A policy that cannot be read lets nobody.</summary>
    public static IReadOnlyList<string> FindExcluded(KeyUsers users, LaunchPermissions share)
    {
        var statements = Read(users.Policy);
        return
        [
            .. share.Accounts.Where(account =>
                !IsAllowed(statements, statement => statement.NamesAccount(account))
                && !users.Grantees.Any(grantee => grantee.Contains(account, StringComparison.Ordinal))
            ),
            .. share
                .OrganizationArns.Concat(share.OrganizationalUnitArns)
                .Where(arn => !IsAllowed(statements, statement => statement.NamesPartOf(arn))),
        ];
    }

    private static bool IsAllowed(IReadOnlyList<Statement> statements, Func<Statement, bool> concerns)
    {
        var allowed = statements.Where(concerns).SelectMany(statement => statement.Actions).ToList();
        return Needed.All(action => allowed.Exists(pattern => Matches(pattern, action)));
    }

    private static bool Matches(string pattern, string action) =>
        pattern.EndsWith('*')
            ? action.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : string.Equals(pattern, action, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<Statement> Read(string policy)
    {
        try
        {
            using var document = JsonDocument.Parse(policy);
            return document.RootElement.TryGetProperty("Statement", out var statements)
                ? [.. Each(statements).Where(Allows).Select(Statement.Of)]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static bool Allows(JsonElement statement) =>
        statement.ValueKind == JsonValueKind.Object && statement.TryGetProperty("Effect", out var effect) && effect.GetString() == "Allow";

    private static JsonElement[] Each(JsonElement oneOrMany) =>
        oneOrMany.ValueKind == JsonValueKind.Array ? [.. oneOrMany.EnumerateArray()] : [oneOrMany];

    private sealed record Statement(IReadOnlyList<string> Principals, IReadOnlyList<string> Actions, string Condition)
    {
        private const string Everybody = "*";

        public static Statement Of(JsonElement statement) =>
            new(
                PrincipalsOf(statement),
                statement.TryGetProperty("Action", out var actions) ? Texts(actions) : [],
                statement.TryGetProperty("Condition", out var condition) ? condition.GetRawText() : ""
            );

        /// <summary>By its own name, or as one of everybody that the condition has a word on.</summary>
        public bool NamesAccount(string account) =>
            Principals.Any(principal => principal == account || principal.Contains($":{account}:", StringComparison.Ordinal))
            || (
                Principals.Contains(Everybody)
                && (Condition.Length == 0 || Condition.Contains(account, StringComparison.Ordinal) || IsOnOrganizations)
            );

        /// <summary>An organization is named by its id, a unit by its own or by that of its organization.</summary>
        public bool NamesPartOf(string arn) =>
            Principals.Contains(Everybody)
            && (Condition.Length == 0 || arn.Split('/').Skip(1).Any(id => Condition.Contains(id, StringComparison.Ordinal)));

        private bool IsOnOrganizations => Condition.Contains("aws:PrincipalOrg", StringComparison.OrdinalIgnoreCase);

        private static IReadOnlyList<string> PrincipalsOf(JsonElement statement) =>
            !statement.TryGetProperty("Principal", out var principal) ? []
            : principal.ValueKind == JsonValueKind.String ? Texts(principal)
            : principal.TryGetProperty("AWS", out var accounts) ? Texts(accounts)
            : [];

        private static IReadOnlyList<string> Texts(JsonElement oneOrMany) =>
            [.. Each(oneOrMany).Select(text => text.GetString()).OfType<string>()];
    }
}
