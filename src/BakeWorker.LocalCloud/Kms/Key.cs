using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Kms;

/// <summary>A key of one Region. An AWS managed one belongs to a service: nobody can change who may use it.</summary>
internal sealed class Key(string id, string arn, string account, bool isAwsManaged, DateTimeOffset createdAt)
{
    public string Id { get; } = id;
    public string Arn { get; } = arn;
    public bool IsAwsManaged { get; } = isAwsManaged;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public string Description { get; init; } = "";
    public string Usage { get; init; } = "ENCRYPT_DECRYPT";
    public string Spec { get; init; } = "SYMMETRIC_DEFAULT";
    public bool IsMultiRegion { get; init; }

    /// <summary><c>Enabled</c>, <c>Disabled</c> or <c>PendingDeletion</c>.</summary>
    public string State { get; set; } = "Enabled";
    public DateTimeOffset? DeletedAt { get; set; }
    public List<Grant> Grants { get; } = [];

    /// <summary>A JSON policy document. As KMS makes it when nobody says otherwise: the account itself, and so its IAM, may do everything.</summary>
    public string Policy { get; set; } =
        new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Id"] = "key-default-1",
            ["Statement"] = new JsonArray(
                new JsonObject
                {
                    ["Sid"] = "Enable IAM User Permissions",
                    ["Effect"] = "Allow",
                    ["Principal"] = new JsonObject { ["AWS"] = $"arn:aws:iam::{account}:root" },
                    ["Action"] = "kms:*",
                    ["Resource"] = "*",
                }
            ),
        }.ToJsonString();

    /// <summary>What it signs with; null for a key that cannot.</summary>
    public ECDsa? Pair => field ??= (Usage, Spec) == ("SIGN_VERIFY", "ECC_NIST_P256") ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;

    public bool CanEncryptDisks => State == "Enabled" && Usage == "ENCRYPT_DECRYPT" && Spec == "SYMMETRIC_DEFAULT";
}

/// <summary>A right that somebody was given beside the key's policy.</summary>
internal sealed record Grant(string Id, string Grantee, IReadOnlyList<string> Operations, DateTimeOffset CreatedAt);
