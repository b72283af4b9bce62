using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.S3;

/// <summary>Objects through the real client, which sends them in chunks with checksums and checks what comes back.</summary>
public sealed class ObjectsTests : IAsyncLifetime
{
    private const string Bucket = "documents-of-tests";
    private readonly CloudWorld _world = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private IAmazonS3 S3 => _world.Clients.S3;

    public async ValueTask InitializeAsync() => await S3.PutBucketAsync(Bucket, Ct);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("with/slashes and spaces/ä+&.json")]
    public async Task Object_Put_ComesBackAsItWas(string key)
    {
        var content = new string('x', 100_000) + "\r\n0\r\n\r\nend";
        await PutAsync(key, content);

        (await ReadAsync(key)).Should().Be(content);
    }

    [Fact]
    public async Task Object_PutOnlyWhereThereIsNone_IsRefusedTheSecondTime()
    {
        await PutAsync("a", "first", ifNoneMatch: "*");

        var again = () => PutAsync("a", "second", ifNoneMatch: "*");

        var refusal = (await again.Should().ThrowAsync<AmazonS3Exception>()).Which;
        (refusal.ErrorCode, refusal.StatusCode).Should().Be(("PreconditionFailed", HttpStatusCode.PreconditionFailed));
        (await ReadAsync("a")).Should().Be("first");
        await PutAsync("a", "third");
        (await ReadAsync("a")).Should().Be("third");
    }

    [Fact]
    public async Task Object_Deleted_IsGone_AndDeletingItAgainIsNoError()
    {
        await PutAsync("a", "x");

        await S3.DeleteObjectAsync(Bucket, "a", Ct);
        await S3.DeleteObjectAsync(Bucket, "a", Ct);

        await ExpectAsync("NoSuchKey", () => S3.GetObjectAsync(Bucket, "a", Ct));
    }

    [Fact]
    public Task Bucket_ThatIsNot_IsSaidAsSuch() => ExpectAsync("NoSuchBucket", () => S3.GetObjectAsync("nobodys-bucket", "a", Ct));

    [Fact]
    public Task Bucket_MadeTwice_IsRefused() => ExpectAsync("BucketAlreadyOwnedByYou", () => S3.PutBucketAsync(Bucket, Ct));

    [Fact]
    public async Task Bucket_OfAnotherRegion_IsNotServedHere()
    {
        using var other = new LocalCloudClients(_world.Cloud, "us-east-1");

        var refusal = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => other.S3.GetObjectAsync(Bucket, "a", Ct));

        refusal.StatusCode.Should().Be(HttpStatusCode.MovedPermanently);
    }

    [Fact]
    public Task Operation_ThatIsNotHere_IsRefused() => ExpectAsync("NotImplemented", () => S3.ListBucketsAsync(Ct));

    private Task<PutObjectResponse> PutAsync(string key, string content, string? ifNoneMatch = null) =>
        S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                IfNoneMatch = ifNoneMatch,
            },
            Ct
        );

    private async Task<string> ReadAsync(string key)
    {
        using var found = await S3.GetObjectAsync(Bucket, key, Ct);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync(Ct);
    }

    private static async Task ExpectAsync(string code, Func<Task> call) =>
        (await call.Should().ThrowAsync<AmazonS3Exception>()).Which.ErrorCode.Should().Be(code);
}
