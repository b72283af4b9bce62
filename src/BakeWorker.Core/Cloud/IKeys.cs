namespace BakeWorker.Core.Cloud;

/// <summary>A KMS key as it is now.</summary>
public sealed record EncryptionKey(string Arn)
{
    /// <summary>The account whose key it is.</summary>
    public required string AccountId { get; init; }

    /// <summary>AWS's own, such as the key of EBS: nobody can let others use it.</summary>
    public bool IsAwsManaged { get; init; }

    /// <summary>KMS's words for why EBS cannot encrypt with it, such as its state; null when it can.</summary>
    public string? Trouble { get; init; }
}

/// <summary>Who may use a key: its policy as JSON, and its grants.</summary>
public sealed record KeyUsers(string Policy, IReadOnlyList<KeyGrant> Grants);

/// <summary>A grant that EBS can use: one without constraints. <paramref name="Operations"/> are such as <c>Decrypt</c>.</summary>
public sealed record KeyGrant(string Grantee, IReadOnlyList<string> Operations);

/// <summary>KMS keys of one Region.</summary>
public interface IKeys
{
    /// <summary>By id, ARN, alias or ARN of an alias; null when there is none such in the Region.</summary>
    Task<EncryptionKey?> FindAsync(string key, CancellationToken ct);

    Task<KeyUsers> ReadUsersAsync(string arn, CancellationToken ct);
}
