using System.Globalization;

namespace BakeWorker.Aws.Resilience;

/// <summary>A token bucket as AWS publishes it: so many calls at once, so many more each second.</summary>
internal sealed record BucketSize(string Name, double Capacity, double PerSecond)
{
    public BucketSize Times(double part) => this with { Capacity = Math.Max(1, Capacity * part), PerSecond = PerSecond * part };

    /// <summary>Reads <c>RunInstances=10/4</c>; null when it is none.</summary>
    public static BucketSize? Parse(string text) =>
        text.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var size]
        && size.Split('/', StringSplitOptions.TrimEntries) is [var capacity, var perSecond]
        && Number(capacity) is >= 1 and var most
        && Number(perSecond) is > 0 and var rate
            ? new BucketSize(name, most, rate)
            : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
