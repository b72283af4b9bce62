using System.Globalization;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Policies;

/// <summary>How many findings an image had when it was judged: a tag on it, so that its successor can be compared with it.</summary>
public sealed record FindingCounts(DateTimeOffset At, IReadOnlyDictionary<Severity, int> BySeverity)
{
    public static FindingCounts Of(IEnumerable<Finding> findings, DateTimeOffset at) =>
        new(at, findings.CountBy(finding => finding.Severity).ToDictionary());

    /// <summary>Such as <c>2026-11-23T03:00:00Z critical=0 high=2 medium=10 low=4 informational=0 untriaged=1</c>.</summary>
    public string ToTag() =>
        $"{ResourceTags.Time(At)} {string.Join(' ', Enum.GetValues<Severity>().Reverse().Select(severity => $"{Word(severity)}={BySeverity.GetValueOrDefault(severity)}"))}";

    /// <summary>Null when the image carries no such tag, or one that does not tell everything.</summary>
    public static FindingCounts? Find(IReadOnlyDictionary<string, string> tags)
    {
        var words = (tags.GetValueOrDefault(ResourceTags.Findings) ?? "").Split(' ');
        if (!DateTimeOffset.TryParse(words[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return null;
        }

        var counts = new Dictionary<Severity, int>();
        foreach (var severity in Enum.GetValues<Severity>())
        {
            var prefix = $"{Word(severity)}=";
            var word = words.FirstOrDefault(word => word.StartsWith(prefix, StringComparison.Ordinal));
            if (!int.TryParse(word?[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return null;
            }

            counts[severity] = count;
        }

        return new FindingCounts(at, counts);
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}

/// <summary>The image that consumers use now. <paramref name="Counts"/> is null where it cannot be told what it had.</summary>
public sealed record CurrentImage(ImageId Id, FindingCounts? Counts);
