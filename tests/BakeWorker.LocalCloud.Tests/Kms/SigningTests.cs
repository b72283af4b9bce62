using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace BakeWorker.LocalCloud.Tests.Kms;

public sealed class SigningTests : IAsyncLifetime
{
    private static readonly byte[] Message = [1, 2, 3];
    private readonly CloudWorld _world = new();
    private string _key = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private IAmazonKeyManagementService Kms => _world.Clients.Kms;

    public async ValueTask InitializeAsync()
    {
        var request = new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY };
        _key = (await Kms.CreateKeyAsync(request, Ct)).KeyMetadata.KeyId;
        await Kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/signer", TargetKeyId = _key }, Ct);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Signature_OfADigest_IsThatOfTheMessage_ForThePublicHalf()
    {
        var signature = (await SignAsync(SHA256.HashData(Message), MessageType.DIGEST, "alias/signer")).Signature.ToArray();

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(
            (await Kms.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = _key }, Ct)).PublicKey.ToArray(),
            out _
        );
        key.VerifyData(Message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).Should().BeTrue();
        (await VerifyAsync(Message, signature)).SignatureValid.Should().BeTrue();
        await Assert.ThrowsAsync<KMSInvalidSignatureException>(() => VerifyAsync([9], signature));
    }

    [Fact]
    public async Task Sign_WhatKmsDoesNotTake_IsRefused()
    {
        await ExpectAsync("ValidationException", () => SignAsync(new byte[4097], MessageType.RAW));
        await ExpectAsync("ValidationException", () => SignAsync(new byte[31], MessageType.DIGEST));
        await ExpectAsync("NotFoundException", () => SignAsync(Message, MessageType.RAW, "alias/nobody"));
    }

    [Fact]
    public async Task Sign_WithAKeyForDisks_IsRefused()
    {
        var disks = (await Kms.CreateKeyAsync(new CreateKeyRequest(), Ct)).KeyMetadata.KeyId;

        await ExpectAsync("InvalidKeyUsageException", () => SignAsync(Message, MessageType.RAW, disks));
    }

    [Fact]
    public async Task Sign_WithADisabledKey_IsRefused()
    {
        await Kms.DisableKeyAsync(new DisableKeyRequest { KeyId = _key }, Ct);

        await ExpectAsync("DisabledException", () => SignAsync(Message, MessageType.RAW));
    }

    private Task<SignResponse> SignAsync(byte[] message, MessageType type, string? key = null) =>
        Kms.SignAsync(
            new SignRequest
            {
                KeyId = key ?? _key,
                Message = new MemoryStream(message),
                MessageType = type,
                SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
            },
            Ct
        );

    private Task<VerifyResponse> VerifyAsync(byte[] message, byte[] signature) =>
        Kms.VerifyAsync(
            new VerifyRequest
            {
                KeyId = _key,
                Message = new MemoryStream(message),
                MessageType = MessageType.RAW,
                Signature = new MemoryStream(signature),
                SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256,
            },
            Ct
        );

    private static async Task ExpectAsync(string code, Func<Task> call) =>
        (await call.Should().ThrowAsync<AmazonKeyManagementServiceException>()).Which.ErrorCode.Should().Be(code);
}
