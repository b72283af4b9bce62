using System.Security.Cryptography;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Proofs;

/// <summary>The public half of a <see cref="IProofKey"/>, as a DER SubjectPublicKeyInfo.</summary>
public sealed record ProofPublicKey(byte[] Der)
{
    private const string Curve = "1.2.840.10045.3.1.7";

    /// <summary>Names the key in envelopes: <c>sha256:…</c> of its DER form, so that file, KMS and copies of it have one name.</summary>
    public string Id { get; } = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Der))}";

    public bool Verifies(byte[] digest, byte[] signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Der, out _);
        return key.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Reads a PEM text with a public or a private key.</summary>
    /// <exception cref="BakeFailedException">It is none of ECDSA on P-256.</exception>
    public static ProofPublicKey Read(string pem, string source)
    {
        using var key = Import(pem, source);
        return new ProofPublicKey(key.ExportSubjectPublicKeyInfo());
    }

    internal static ECDsa Import(string pem, string source)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == Curve)
            {
                return key;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Said below, without what the file holds.
        }

        key.Dispose();
        throw new BakeFailedException(
            FailureKind.Failed,
            FailureCodes.ProofKeyUnusable,
            $"{source} holds no unencrypted ECDSA key on the curve P-256; make one with openssl ecparam -name prime256v1 -genkey."
        );
    }
}
