using Amazon.S3;
using Amazon.S3.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Aws.Proofs;

/// <summary>Proofs as objects of a bucket. S3 itself sees to it that nothing is written twice (If-None-Match).</summary>
internal sealed class BucketStore(IAmazonS3 s3, string bucket, string prefix) : IProofStore
{
    public async Task<byte[]?> FindAsync(string path, CancellationToken ct)
    {
        try
        {
            using var found = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = prefix + path }, ct);
            return await ReadAsync(found, ct);
        }
        catch (BakeFailedException failure) when (failure.Is("NoSuchKey"))
        {
            return null;
        }
    }

    public async Task<byte[]> EnsureAsync(string path, byte[] content, CancellationToken ct)
    {
        using var stream = new MemoryStream(content, writable: false);
        try
        {
            await s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = prefix + path,
                    InputStream = stream,
                    // A call that is repeated sends it again.
                    AutoCloseStream = false,
                    ContentType = "application/json",
                    IfNoneMatch = "*",
                },
                ct
            );
            return content;
        }
        catch (BakeFailedException failure) when (failure.Is("PreconditionFailed"))
        {
            return await FindAsync(path, ct)
                ?? throw new BakeFailedException(
                    FailureKind.Transient,
                    FailureCodes.ProofUnreachable,
                    $"s3://{bucket}/{prefix}{path} was there and is gone again; nobody may remove proofs, the bake is tried again.",
                    failure
                );
        }
    }

    // The body arrives after the call has ended, where nobody translates.
    private static async Task<byte[]> ReadAsync(GetObjectResponse found, CancellationToken ct)
    {
        try
        {
            using var content = new MemoryStream();
            await found.ResponseStream.CopyToAsync(content, ct);
            return content.ToArray();
        }
        catch (Exception exception) when (AwsFailures.IsOfTheCall(exception) && !ct.IsCancellationRequested)
        {
            throw new BakeFailedException(
                FailureKind.Transient,
                FailureCodes.AwsUnavailable,
                $"s3:GetObject did not bring {found.BucketName}/{found.Key} whole: {exception.Message.TrimEnd('.')}; the bake is tried again.",
                exception
            );
        }
    }
}
