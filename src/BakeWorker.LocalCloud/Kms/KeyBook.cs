using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Kms;

/// <summary>
/// The keys of the account by Region, as KMS and those who encrypt with them see them. Every Region has the key of EBS and one of the account's
/// own from the start. Call under the gate.
/// </summary>
internal sealed class KeyBook(string account, Func<DateTimeOffset> now)
{
    private const string EbsAlias = "alias/aws/ebs";
    private const string EbsId = "0eb50eb5-0000-4000-8000-";
    private readonly Dictionary<string, KeyRing> _rings = [];

    public KeyRing In(string region)
    {
        if (!_rings.TryGetValue(region, out var ring))
        {
            _rings[region] = ring = new KeyRing();
            var ebs = new Key(EbsId + account, Arn(region, EbsId + account), account, isAwsManaged: true, now())
            {
                Description = "Default key that protects my EBS volumes when no other key is defined",
            };
            var own = new Key(LocalCloudDefaults.KmsKeyId, Arn(region, LocalCloudDefaults.KmsKeyId), account, isAwsManaged: false, now());
            ring.Keys.AddRange([ebs, own]);
            ring.Aliases[EbsAlias] = ebs.Id;
            ring.Aliases[LocalCloudDefaults.KmsAlias] = own.Id;
            ring.EbsDefault = ebs.Arn;
        }

        return ring;
    }

    public string Arn(string region, string id) => $"arn:aws:kms:{region}:{account}:key/{id}";

    /// <summary>By id, ARN, alias or ARN of an alias; null when the Region has none such.</summary>
    public Key? Find(string region, string name)
    {
        var ring = In(region);
        var prefix = $"arn:aws:kms:{region}:{account}:";
        var local = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        if (local.StartsWith("arn:", StringComparison.Ordinal))
        {
            return null;
        }

        local = local.StartsWith("key/", StringComparison.Ordinal) ? local["key/".Length..] : local;
        var id = local.StartsWith("alias/", StringComparison.Ordinal) ? ring.Aliases.GetValueOrDefault(local) : local;
        return ring.Keys.Find(key => key.Id == id);
    }

    public Key Get(string region, string name) =>
        Find(region, name)
        ?? throw new CloudException(
            "NotFoundException",
            name.StartsWith("arn:", StringComparison.Ordinal) ? $"Key '{name}' does not exist"
                : name.StartsWith("alias/", StringComparison.Ordinal) ? $"Alias {Arn(region, name).Replace("key/", "")} is not found."
                : $"Key '{Arn(region, name)}' does not exist"
        );

    /// <summary>The ARN EBS notes down for a key. Null means the Region's default; what does not exist is noted, too, and fails later.</summary>
    public string ResolveForDisk(string region, string? name) =>
        string.IsNullOrEmpty(name) ? In(region).EbsDefault
        : Find(region, name) is { } key ? key.Arn
        : name.StartsWith("arn:", StringComparison.Ordinal) ? name
        : name.StartsWith("alias/", StringComparison.Ordinal) ? $"arn:aws:kms:{region}:{account}:{name}"
        : Arn(region, name);

    /// <summary>Whether EBS can encrypt and decrypt with it in this Region.</summary>
    public bool IsUsableForDisk(string region, string arn) => Find(region, arn) is { CanEncryptDisks: true };

    /// <summary>EBS's own key: what it encrypts cannot be shared.</summary>
    public static bool IsEbsOwn(string? arn) => arn?.Contains(EbsId, StringComparison.Ordinal) == true;
}

/// <summary>The keys and aliases of one Region.</summary>
internal sealed class KeyRing
{
    public List<Key> Keys { get; } = [];
    public SortedDictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);

    /// <summary>What EBS encrypts with when a call names no key.</summary>
    public string EbsDefault { get; set; } = "";

    /// <summary>Whether EBS encrypts what nobody asked it to.</summary>
    public bool EncryptsByDefault { get; set; }
}
