namespace BakeWorker.Core.Proofs;

/// <summary>Where proofs of images are kept and who signs them: one place, one key.</summary>
public sealed class ProofOptions
{
    /// <summary>Folder of the proofs; workers of one queue share it.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Bucket of the proofs, in place of a folder.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What every path in the bucket begins with.</summary>
    public string Prefix { get; set; } = "proofs/";

    /// <summary>Region of bucket and KMS key; the worker's own when empty.</summary>
    public string Region { get; set; } = "";

    /// <summary>PEM file with an ECDSA P-256 private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Id, ARN or alias of a KMS key of spec ECC_NIST_P256, in place of a file.</summary>
    public string KmsKey { get; set; } = "";

    /// <summary>URI of who vouches, for <c>builder.id</c>; made of account and Region when empty.</summary>
    public string BuilderId { get; set; } = "";
}
