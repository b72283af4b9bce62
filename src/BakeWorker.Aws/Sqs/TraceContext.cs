using System.Text.RegularExpressions;

namespace BakeWorker.Aws.Sqs;

/// <summary>Where a message says which trace it comes from: attribute <c>traceparent</c>, else X-Ray's header.</summary>
internal static partial class TraceContext
{
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
    public const string Baggage = "baggage";

    /// <summary>The W3C form of <c>Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1</c>; null when it is none.</summary>
    public static string? FromXRay(string? header)
    {
        if (header is not { Length: > 0 and <= 512 })
        {
            return null;
        }

        var (root, parent) = (RootPattern().Match(header), ParentPattern().Match(header));
        var isSampled = header.Contains("Sampled=1", StringComparison.Ordinal);
        return root.Success && parent.Success
            ? $"00-{root.Groups[1].Value}{root.Groups[2].Value}-{parent.Groups[1].Value}-{(isSampled ? "01" : "00")}"
            : null;
    }

    [GeneratedRegex("(?:^|;)Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)")]
    private static partial Regex RootPattern();

    [GeneratedRegex("(?:^|;)Parent=([0-9a-f]{16})(?:;|$)")]
    private static partial Regex ParentPattern();
}
