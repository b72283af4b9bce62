using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Aws.Proofs;

/// <summary>A signing key that never leaves KMS. The digest is sent, because KMS takes no message as long as a statement.</summary>
internal sealed class KmsProofKey(IAmazonKeyManagementService kms, string key) : IProofKey
{
    private ProofPublicKey? _public;

    public async Task<byte[]> SignAsync(byte[] digest, CancellationToken ct)
    {
        using var message = new MemoryStream(digest, writable: false);
        var signed = await kms.SignAsync(
            new SignRequest
            {
                KeyId = key,
                Message = message,
                MessageType = MessageType.DIGEST,
                SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
            },
            ct
        );
        return signed.Signature.ToArray();
    }

    public async Task<ProofPublicKey> FindPublicAsync(CancellationToken ct) =>
        _public ??= new ProofPublicKey((await kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = key }, ct)).PublicKey.ToArray());
}
