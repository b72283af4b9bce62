using System.Text.RegularExpressions;

namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>
/// Keys as EBS sees them. LocalCloud has no KMS: every well-formed key of the Region exists, and as on AWS nobody looks at it before
/// the data is encrypted.
/// </summary>
internal static partial class KmsKeys
{
    private const string DefaultAlias = "alias/aws/ebs";
    private const string DefaultId = "0eb50eb5-0000-4000-8000-";

    /// <summary>The ARN of the key that EBS uses when none is named; it cannot be shared.</summary>
    public static string Default(string region, string account) => $"arn:aws:kms:{region}:{account}:key/{DefaultId}{account}";

    /// <summary>The ARN for an id, an alias or an ARN; null means the default key.</summary>
    public static string Resolve(string region, string account, string? key) =>
        key switch
        {
            null or "" or DefaultAlias => Default(region, account),
            _ when key.StartsWith("arn:", StringComparison.Ordinal) => key,
            _ when key.StartsWith("alias/", StringComparison.Ordinal) => $"arn:aws:kms:{region}:{account}:{key}",
            _ => $"arn:aws:kms:{region}:{account}:key/{key}",
        };

    /// <summary>AWS's own key: what it encrypts cannot be shared.</summary>
    public static bool IsDefault(string? arn) => arn?.Contains(DefaultId, StringComparison.Ordinal) == true;

    /// <summary>Whether data can be encrypted with it in this Region.</summary>
    public static bool IsUsable(string region, string arn) =>
        ArnPattern().Match(arn) is { Success: true } match && match.Groups["region"].Value == region;

    [GeneratedRegex("^arn:aws:kms:(?<region>[a-z0-9-]+):[0-9]{12}:(key/(mrk-)?[0-9a-fA-F-]{32,36}|alias/[a-zA-Z0-9/_-]+)$")]
    private static partial Regex ArnPattern();
}
