namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>
/// RPM's order of <c>[epoch:]version[-release]</c>: runs of digits and runs of letters count, separators only divide them; a tilde comes
/// before everything, even the end, and a caret just after the end. A missing release equals any.
/// </summary>
public sealed class RpmVersionOrder : IComparer<string>
{
    public static RpmVersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = VersionOrder.SplitEpoch(x ?? "", out var leftEpoch);
        var right = VersionOrder.SplitEpoch(y ?? "", out var rightEpoch);
        if (VersionOrder.CompareDigits(leftEpoch, rightEpoch) is not 0 and var byEpoch)
        {
            return byEpoch;
        }

        var (leftDash, rightDash) = (left.LastIndexOf('-'), right.LastIndexOf('-'));
        var byVersion = ComparePart(leftDash < 0 ? left : left[..leftDash], rightDash < 0 ? right : right[..rightDash]);
        return byVersion != 0 || leftDash < 0 || rightDash < 0 ? byVersion : ComparePart(left[(leftDash + 1)..], right[(rightDash + 1)..]);
    }

    private static int ComparePart(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (true)
        {
            left = SkipSeparators(left);
            right = SkipSeparators(right);
            var (a, b) = (Rank(left), Rank(right));
            if (a != b)
            {
                return a.CompareTo(b);
            }

            switch (a)
            {
                case End:
                    return 0;
                case Tilde or Caret:
                    left = left[1..];
                    right = right[1..];
                    continue;
            }

            var (leftLength, rightLength) = (RunLength(left, a), RunLength(right, a));
            var leftRun = left[..leftLength];
            var rightRun = right[..rightLength];
            var byRun = a == Digits ? VersionOrder.CompareDigits(leftRun, rightRun) : leftRun.SequenceCompareTo(rightRun);
            if (byRun != 0)
            {
                return byRun;
            }

            left = left[leftLength..];
            right = right[rightLength..];
        }
    }

    // The ranks are the order: what comes next decides, when it is of different kinds.
    private const int Tilde = 0;
    private const int End = 1;
    private const int Caret = 2;
    private const int Letters = 3;
    private const int Digits = 4;

    private static int Rank(ReadOnlySpan<char> text) =>
        text.IsEmpty ? End
        : text[0] == '~' ? Tilde
        : text[0] == '^' ? Caret
        : char.IsAsciiDigit(text[0]) ? Digits
        : Letters;

    private static int RunLength(ReadOnlySpan<char> text, int rank)
    {
        var length = 0;
        while (length < text.Length && (rank == Digits ? char.IsAsciiDigit(text[length]) : char.IsAsciiLetter(text[length])))
        {
            length++;
        }

        return length;
    }

    private static ReadOnlySpan<char> SkipSeparators(ReadOnlySpan<char> text)
    {
        var start = 0;
        while (start < text.Length && !char.IsAsciiLetterOrDigit(text[start]) && text[start] is not ('~' or '^'))
        {
            start++;
        }

        return text[start..];
    }
}
