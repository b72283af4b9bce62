using System.Text;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Recipes;

/// <summary>
/// The pattern of a parameter: matched against the whole value, in time linear in its length. As in JSON Schema, \d and \w are ASCII: who writes
/// \d+\.\d+ does not mean Arabic digits.
/// </summary>
internal static class ParameterPattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Whether the whole value matches; never for a pattern with <see cref="Trouble"/>.</summary>
    public static bool IsMatch(string pattern, string value) => Trouble(pattern) is null && IsWhole(pattern, value);

    /// <summary>Why it is no pattern for a parameter; null when it is one.</summary>
    public static string? Trouble(string pattern)
    {
        try
        {
            // By itself first: inside the group "a)|(b" would be a pattern, and one that matches parts.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            _ = IsWhole(pattern, "");
            return null;
        }
        catch (RegexParseException e)
        {
            return $"which is not a regular expression ({e.Error} at position {e.Offset + 1})";
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException)
        {
            return "which needs look-around, a back-reference or another feature that cannot be matched in linear time";
        }
    }

    // The static method remembers what it compiled, which is the dear part of it.
    private static bool IsWhole(string pattern, string value) => Regex.IsMatch(value, $@"\A(?:{Ascii(pattern)})\z", Options);

    private static string Ascii(string pattern)
    {
        var (text, depth) = (new StringBuilder(pattern.Length), 0);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                text.Append(Ascii(pattern[++i], isInClass: depth > 0) ?? $"\\{pattern[i]}");
                continue;
            }

            // A class begins with [ or, to be subtracted, with -[ in another one; a ] right at its start is no end.
            var opens = pattern[i] == '[' && (depth == 0 || pattern[i - 1] == '-');
            depth +=
                opens ? 1
                : pattern[i] == ']' && depth > 0 ? -1
                : 0;
            text.Append(pattern[i]);
            while (opens && i + 1 < pattern.Length && pattern[i + 1] is '^' or ']')
            {
                text.Append(pattern[++i]);
                opens = pattern[i] == '^';
            }
        }

        return text.ToString();
    }

    private static string? Ascii(char escaped, bool isInClass) =>
        (escaped, isInClass) switch
        {
            ('d', true) => "0-9",
            ('w', true) => "A-Za-z0-9_",
            ('d', false) => "[0-9]",
            ('w', false) => "[A-Za-z0-9_]",
            ('D', false) => "[^0-9]",
            ('W', false) => "[^A-Za-z0-9_]",
            _ => null,
        };
}
