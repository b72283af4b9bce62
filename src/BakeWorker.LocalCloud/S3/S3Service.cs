using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.S3;

/// <summary>S3, as far as a folder of small documents needs it: make a bucket; put, get and delete objects; put only what is not there yet.</summary>
public sealed class S3Service(LocalCloudAccount account)
{
    private const string Plain = "application/xml";
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    internal WireResponse Answer(Call call, WireRequest request)
    {
        lock (account.Gate)
        {
            var address = ObjectAddress.Of(request);
            return call.Action switch
            {
                "CreateBucket" => Create(call, address),
                "PutObject" => Put(Find(call, address), address, request),
                "GetObject" => Get(Find(call, address), address),
                "DeleteObject" => Delete(Find(call, address), address),
                _ => throw CloudException.UnknownAction(call),
            };
        }
    }

    private WireResponse Create(Call call, ObjectAddress address)
    {
        if (_buckets.TryGetValue(address.Bucket, out var bucket))
        {
            return bucket.Region == call.Region
                ? throw new CloudException("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded.", 409)
                : throw new CloudException("BucketAlreadyExists", "The requested bucket name is not available.", 409);
        }

        _buckets[address.Bucket] = new Bucket(call.Region);
        return Done(200);
    }

    private Bucket Find(Call call, ObjectAddress address)
    {
        if (!_buckets.TryGetValue(address.Bucket, out var bucket))
        {
            throw new CloudException("NoSuchBucket", "The specified bucket does not exist", 404);
        }

        return bucket.Region == call.Region
            ? bucket
            : throw new CloudException(
                "PermanentRedirect",
                $"The bucket is in {bucket.Region} and must be addressed by the endpoint of that Region.",
                301
            );
    }

    private WireResponse Put(Bucket bucket, ObjectAddress address, WireRequest request)
    {
        if (request.Header("If-None-Match") == "*" && bucket.Objects.ContainsKey(address.Key))
        {
            throw new CloudException("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
        }

        var content = ChunkedBody.Read(request);
        var tag = EntityTag(content);
        var type = request.Header("Content-Type") ?? "binary/octet-stream";
        bucket.Objects[address.Key] = new StoredObject(content, type, tag, account.Clock.Now);
        return Done(200) with { Headers = new Dictionary<string, string> { ["ETag"] = tag } };
    }

    private static WireResponse Get(Bucket bucket, ObjectAddress address) =>
        bucket.Objects.TryGetValue(address.Key, out var found)
            ? new WireResponse(200, found.ContentType, found.Content)
            {
                Headers = new Dictionary<string, string>
                {
                    ["ETag"] = found.EntityTag,
                    ["Last-Modified"] = found.WrittenAt.ToString("R", CultureInfo.InvariantCulture),
                },
            }
            : throw new CloudException("NoSuchKey", "The specified key does not exist.", 404);

    private static WireResponse Delete(Bucket bucket, ObjectAddress address)
    {
        bucket.Objects.Remove(address.Key);
        return Done(204);
    }

    [SuppressMessage("Security", "CA5351", Justification = "S3's entity tag is an MD5 and clients check it; nothing is protected by it.")]
    private static string EntityTag(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    private static WireResponse Done(int status) => new(status, Plain, []);
}
