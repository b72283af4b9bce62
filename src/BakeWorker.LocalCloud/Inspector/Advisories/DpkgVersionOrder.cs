namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>
/// Debian's order of <c>[epoch:]upstream[-revision]</c>: text and numbers alternate; in text a tilde comes before everything, even the end,
/// and letters come before other characters.
/// </summary>
public sealed class DpkgVersionOrder : IComparer<string>
{
    public static DpkgVersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = VersionOrder.SplitEpoch(x ?? "", out var leftEpoch);
        var right = VersionOrder.SplitEpoch(y ?? "", out var rightEpoch);
        if (VersionOrder.CompareDigits(leftEpoch, rightEpoch) is not 0 and var byEpoch)
        {
            return byEpoch;
        }

        var (leftDash, rightDash) = (left.LastIndexOf('-'), right.LastIndexOf('-'));
        var byUpstream = ComparePart(leftDash < 0 ? left : left[..leftDash], rightDash < 0 ? right : right[..rightDash]);
        return byUpstream != 0
            ? byUpstream
            : ComparePart(leftDash < 0 ? "" : left[(leftDash + 1)..], rightDash < 0 ? "" : right[(rightDash + 1)..]);
    }

    private static int ComparePart(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty || !right.IsEmpty)
        {
            var (leftText, rightText) = (TextLength(left), TextLength(right));
            if (CompareText(left[..leftText], right[..rightText]) is not 0 and var byText)
            {
                return byText;
            }

            left = left[leftText..];
            right = right[rightText..];
            var (leftDigits, rightDigits) = (DigitsLength(left), DigitsLength(right));
            if (VersionOrder.CompareDigits(left[..leftDigits], right[..rightDigits]) is not 0 and var byNumber)
            {
                return byNumber;
            }

            left = left[leftDigits..];
            right = right[rightDigits..];
        }

        return 0;
    }

    private static int CompareText(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var (a, b) = (i < left.Length ? Weight(left[i]) : 0, i < right.Length ? Weight(right[i]) : 0);
            if (a != b)
            {
                return a.CompareTo(b);
            }
        }

        return 0;
    }

    private static int Weight(char c) =>
        c == '~' ? -1
        : char.IsAsciiLetter(c) ? c
        : c + char.MaxValue;

    private static int TextLength(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('0', '9') is >= 0 and var digit ? digit : text.Length;

    private static int DigitsLength(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var other ? other : text.Length;
}
