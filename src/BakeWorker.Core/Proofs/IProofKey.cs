namespace BakeWorker.Core.Proofs;

/// <summary>The ECDSA P-256 key by which this worker vouches for images.</summary>
public interface IProofKey
{
    /// <summary>The DER-encoded signature of a SHA-256 digest.</summary>
    Task<byte[]> SignAsync(byte[] digest, CancellationToken ct);

    /// <summary>Its public half, with which anybody can check.</summary>
    Task<ProofPublicKey> FindPublicAsync(CancellationToken ct);
}
