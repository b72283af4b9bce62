using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Aws.Tests.Proofs;

public sealed class BucketStoreTests : IDisposable
{
    private const string Bucket = "proofs-of-tests";
    private readonly AwsWorld _world = new();

    private static CancellationToken Ct => AwsWorld.Ct;

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Document_AddedTwice_StaysTheFirst() =>
        _world.Run(async () =>
        {
            var store = await OpenAsync();

            (await store.FindAsync("a/b.json", Ct)).Should().BeNull();
            (await store.EnsureAsync("a/b.json", [1, 2], Ct)).Should().Equal(1, 2);
            (await store.EnsureAsync("a/b.json", [3], Ct)).Should().Equal(1, 2);
            (await store.FindAsync("a/b.json", Ct)).Should().Equal(1, 2);
            (await _world.Clients.S3.GetObjectAsync(Bucket, "prefix/a/b.json", Ct)).ContentLength.Should().Be(2);
        });

    [Fact]
    public void Document_WhoseAnswerGotLost_IsThereOnce() =>
        _world.Run(async () =>
        {
            var store = await OpenAsync();
            _world.Cloud.Faults.Plan.Calls("s3", "PutObject").Nth(1).Drops(LocalCloud.Faults.Moment.AfterEffect);

            (await store.EnsureAsync("a", [1], Ct)).Should().Equal(1);
        });

    [Fact]
    public void Store_ThatDoesNotAnswer_IsTriedAgainLater() =>
        _world.Run(async () =>
        {
            var store = await OpenAsync();
            _world.Cloud.Faults.Plan.Calls("s3", "GetObject").Always().Unavailable();

            var failure = await Assert.ThrowsAsync<BakeFailedException>(() => store.FindAsync("a", Ct));

            failure.Kind.Should().Be(FailureKind.Transient);
        });

    [Fact]
    public void Bucket_ThatIsNot_SaysWhichSettingToCorrect() =>
        _world.Run(async () =>
        {
            var store = _world.Aws.OpenBucket(new ProofOptions { Bucket = "nobodys" });

            var failure = await Assert.ThrowsAsync<BakeFailedException>(() => store.EnsureAsync("a", [1], Ct));

            failure.Kind.Should().Be(FailureKind.Failed);
            failure.Message.Should().Contain("Proof:Bucket").And.EndWith(".");
        });

    [Fact]
    public void Key_InKms_SignsWhatItsPublicHalfChecks() =>
        _world.Run(async () =>
        {
            var request = new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY };
            var id = (await _world.Clients.Kms.CreateKeyAsync(request, Ct)).KeyMetadata.KeyId;
            var key = _world.Aws.OpenKey(new ProofOptions { KmsKey = id });

            var envelope = await Dsse.SignAsync(Dsse.InToto, new byte[10_000], key, Ct);

            Dsse.Open(envelope, Dsse.InToto, await key.FindPublicAsync(Ct)).Should().HaveCount(10_000);
        });

    [Fact]
    public void Key_ThatIsNoSigningKey_IsRefused() =>
        _world.Run(async () =>
        {
            var id = (await _world.Clients.Kms.CreateKeyAsync(new CreateKeyRequest(), Ct)).KeyMetadata.KeyId;
            var key = _world.Aws.OpenKey(new ProofOptions { KmsKey = id });

            var failure = await Assert.ThrowsAsync<BakeFailedException>(() => key.SignAsync(SHA256.HashData([1]), Ct));

            failure.Kind.Should().Be(FailureKind.Failed);
            failure.Message.Should().Contain("kms:Sign");
        });

    private async Task<IProofStore> OpenAsync()
    {
        await _world.Clients.S3.PutBucketAsync(Bucket, Ct);
        return _world.Aws.OpenBucket(new ProofOptions { Bucket = Bucket, Prefix = "prefix/" });
    }
}
