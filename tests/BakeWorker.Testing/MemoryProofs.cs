using System.Collections.Concurrent;
using System.Security.Cryptography;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Testing;

/// <summary>Proofs of one world, shared by its workers, and gone with it.</summary>
public sealed class MemoryProofs : IProofStore
{
    private readonly ConcurrentDictionary<string, byte[]> _documents = new(StringComparer.Ordinal);

    /// <summary>Every document by its path; tests may spoil them.</summary>
    public IDictionary<string, byte[]> Documents => _documents;

    public Task<byte[]?> FindAsync(string path, CancellationToken ct) => Task.FromResult(_documents.GetValueOrDefault(path));

    public Task<byte[]> EnsureAsync(string path, byte[] content, CancellationToken ct) =>
        Task.FromResult(_documents.GetOrAdd(path, content));
}

/// <summary>A signing key made for one run of tests.</summary>
public sealed class TestKey : IProofKey
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lock _gate = new();

    /// <summary>One for all worlds: making one costs more than a bake.</summary>
    public static TestKey Shared { get; } = new();

    public ProofPublicKey Public => field ??= new(_key.ExportSubjectPublicKeyInfo());

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();
    public string PrivatePem => _key.ExportPkcs8PrivateKeyPem();

    public Task<byte[]> SignAsync(byte[] digest, CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult(_key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    public Task<ProofPublicKey> FindPublicAsync(CancellationToken ct) => Task.FromResult(Public);
}
