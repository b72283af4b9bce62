using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Recipes;

/// <summary>The pattern of a parameter: matched against the whole value, in time linear in its length.</summary>
internal static class ParameterPattern
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string trouble)
    {
        regex = null;
        trouble = "";
        try
        {
            // By itself first: inside the group "a)|(b" would be a pattern, and one that matches parts.
            _ = new Regex(pattern, Options);
            regex = new Regex($@"\A(?:{pattern})\z", Options);
        }
        catch (RegexParseException e)
        {
            trouble = $"which is not a regular expression ({e.Error} at position {e.Offset + 1})";
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException)
        {
            trouble = "which needs look-around, a back-reference or another feature that cannot be matched in linear time";
        }

        return regex is not null;
    }
}
