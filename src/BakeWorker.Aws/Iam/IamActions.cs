namespace BakeWorker.Aws.Iam;

/// <summary>
/// Which permissions a call needs. Mostly it is the one of the call's own name; this table says where AWS names it otherwise, asks for more than one,
/// or for none. A call that is not here needs no line, only a place in one of the <see cref="IamPolicies"/>.
/// </summary>
public static class IamActions
{
    // What EBS does in the caller's name with the key of an encrypted disk.
    private static readonly string[] DiskKey =
    [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ];

    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        // Tags in the call that makes something are a permission of their own; the profile of an instance is a role that is handed on.
        ["ec2:RunInstances"] = ["ec2:RunInstances", "ec2:CreateTags", "iam:PassRole", .. DiskKey],
        ["ec2:CreateImage"] = ["ec2:CreateImage", "ec2:CreateTags"],
        ["ec2:CopyImage"] = ["ec2:CopyImage", "ec2:CreateTags", .. DiskKey],
        // With its snapshots.
        ["ec2:DeregisterImage"] = ["ec2:DeregisterImage", "ec2:DeleteSnapshot"],
        // SSM looks at the image that a parameter of type aws:ec2:image names in the caller's name; tags come with the first version.
        ["ssm:PutParameter"] = ["ssm:PutParameter", "ssm:AddTagsToResource", "ec2:DescribeImages"],
        ["sqs:ChangeMessageVisibilityBatch"] = ["sqs:ChangeMessageVisibility"],
        ["sqs:DeleteMessageBatch"] = ["sqs:DeleteMessage"],
        ["sqs:SendMessageBatch"] = ["sqs:SendMessage"],
        // Without the second, S3 answers "denied" instead of "there is none".
        ["s3:GetObject"] = ["s3:GetObject", "s3:ListBucket"],
        // Whoever has credentials may ask whose they are.
        ["sts:GetCallerIdentity"] = [],
    };

    /// <summary>The permissions of a call, named by service and operation such as <c>ec2:RunInstances</c>.</summary>
    public static IReadOnlyList<string> For(string call) => Table.GetValueOrDefault(call) ?? [call];
}
