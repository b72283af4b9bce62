namespace BakeWorker.LocalCloud.S3;

/// <summary>A bucket of the account: names are shared by all Regions, contents lie in one.</summary>
internal sealed class Bucket(string region)
{
    public string Region { get; } = region;
    public Dictionary<string, StoredObject> Objects { get; } = new(StringComparer.Ordinal);
}

/// <summary>An object's bytes, and a tag that changes with them.</summary>
internal sealed record StoredObject(byte[] Content, string ContentType, string EntityTag, DateTimeOffset WrittenAt);
