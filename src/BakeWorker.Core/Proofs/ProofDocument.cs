namespace BakeWorker.Core.Proofs;

/// <summary>One document of an image's proof. Its file name carries the beginning of its digest, so that documents of two attempts never mix.</summary>
public sealed record ProofDocument(string Kind, string MediaType, byte[] Content)
{
    public const string Sbom = "sbom";
    public const string Tests = "tests";
    public const string Scan = "scan";
    public const string Changes = "changes";
    public const string Run = "run";

    /// <summary>Hex of its SHA-256.</summary>
    public string Digest { get; } = ProofJson.Sha256(Content);

    public string Name => $"{Kind}-{Digest[..12]}{(Kind == Sbom ? ".cdx.json" : ".json")}";
}
