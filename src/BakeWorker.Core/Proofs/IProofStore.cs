namespace BakeWorker.Core.Proofs;

/// <summary>Where proofs are kept: small documents that are added once and never changed.</summary>
public interface IProofStore
{
    /// <summary>The document; null when there is none.</summary>
    Task<byte[]?> FindAsync(string path, CancellationToken ct);

    /// <summary>Adds the document unless there is one of that path, and answers the one that is there then, whosever it is.</summary>
    Task<byte[]> EnsureAsync(string path, byte[] content, CancellationToken ct);
}
