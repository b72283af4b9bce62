using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Publishing;

/// <summary>
/// Whether a key's policy or grants let those use it whom an image is shared with: EC2 does not look, their launches just die. What a policy says of
/// accounts, organizations, units and EC2 is weighed, denials included; conditions on anything else nobody can know beforehand.
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

    /// <summary>Accounts and ARNs that nothing lets use the key, or that something forbids to. A policy that cannot be read lets nobody.</summary>
    public static IReadOnlyList<string> FindExcluded(KeyUsers users, LaunchPermissions share, string region)
    {
        var statements = KeyStatement.Read(users.Policy);
        return [.. KeyCaller.Of(share, region).Where(one => !Needed.All(action => MayDo(one.Caller, action))).Select(one => one.Name)];

        bool MayDo(KeyCaller caller, string action) =>
            (statements.Any(statement => statement.Allows(caller, action)) || users.Grants.Any(grant => Grants(grant, caller, action)))
            && !statements.Any(statement => statement.Denies(caller, action));
    }

    private static bool Grants(KeyGrant grant, KeyCaller caller, string action) =>
        caller.Account is { } account
        && grant.Grantee.Split(':') is [_, _, _, _, var owner, ..]
        && owner == account
        && grant.Operations.Any(operation => string.Equals($"kms:{operation}", action, StringComparison.OrdinalIgnoreCase));
}
