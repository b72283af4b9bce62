namespace BakeWorker.LocalCloud.Ec2.Requests;

/// <summary>EC2's patterns: <c>*</c> for any text, <c>?</c> for one character, a backslash before either for itself. Case matters.</summary>
internal static class Wildcard
{
    /// <summary>Whether it matches anything but itself.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?', '\\') >= 0;

    public static bool Matches(string pattern, string text)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, text[t]))
            {
                p += IsEscape(pattern, p) ? 2 : 1;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private static bool MatchesOne(string pattern, int at, char character) =>
        IsEscape(pattern, at) ? pattern[at + 1] == character : pattern[at] == '?' || pattern[at] == character;

    private static bool IsEscape(string pattern, int at) =>
        pattern[at] == '\\' && at + 1 < pattern.Length && (pattern[at + 1] is '*' or '?' or '\\');
}
