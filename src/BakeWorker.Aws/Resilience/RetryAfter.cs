using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace BakeWorker.Aws.Resilience;

/// <summary>The pause a service asks for: header <c>Retry-After</c> in whole seconds.</summary>
internal static class RetryAfter
{
    /// <summary>Null when nothing is asked for: the policy's own pause counts then.</summary>
    public static TimeSpan? Find(Exception? exception, TimeSpan longest) =>
        exception is AmazonServiceException { InnerException: HttpErrorResponseException { Response: { } response } }
        && response.IsHeaderPresent("Retry-After")
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds))
            : null;
}
