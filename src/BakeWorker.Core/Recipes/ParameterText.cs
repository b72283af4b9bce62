using System.Text.RegularExpressions;

namespace BakeWorker.Core.Recipes;

/// <summary>Puts parameter values into the recipe's texts: <c>${name}</c> becomes the value, as text. Shells never see it unencoded.</summary>
public static partial class ParameterText
{
    /// <summary>References to parameters that do not exist stay as they are; validation has refused them before.</summary>
    public static string Bind(string text, IReadOnlyDictionary<string, string> values) =>
        Reference().Replace(text, match => values.GetValueOrDefault(match.Groups[1].Value) ?? match.Value);

    /// <summary>Names that a text refers to.</summary>
    public static IEnumerable<string> ReferencesIn(string text) => Reference().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\$\{([A-Za-z][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference();
}
