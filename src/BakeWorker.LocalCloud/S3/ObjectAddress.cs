using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.S3;

/// <summary>The bucket and key that a request is about, in either style of addressing. An empty key means the bucket itself.</summary>
internal readonly partial record struct ObjectAddress(string Bucket, string Key)
{
    public static ObjectAddress Of(WireRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path.TrimStart('/'));
        if (VirtualHost().Match(request.Header("Host") ?? "") is { Success: true } host)
        {
            return new(host.Groups["bucket"].Value, path);
        }

        return path.Split('/', 2) is [var bucket, var key] ? new(bucket, key) : new(path, "");
    }

    [GeneratedRegex(@"^(?<bucket>[a-z0-9][a-z0-9.-]+)\.s3[.-][a-z0-9.-]*amazonaws\.com(:\d+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex VirtualHost();
}
