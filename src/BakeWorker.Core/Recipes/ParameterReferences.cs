using System.Text.RegularExpressions;

namespace BakeWorker.Core.Recipes;

/// <summary>
/// The <c>${parameter}</c> in values of a step: replaced as plain text, once, and the result travels encoded. <c>$${</c> stands for
/// <c>${</c> itself.
/// </summary>
public static partial class ParameterReferences
{
    /// <summary>The values with every reference replaced. A value that itself holds <c>${</c> is not looked at again.</summary>
    public static IReadOnlyDictionary<string, string> Resolve(
        IReadOnlyDictionary<string, string> values,
        IReadOnlyDictionary<string, string> parameters
    ) => values.ToDictionary(v => v.Key, v => Resolve(v.Value, parameters));

    /// <summary>The names that a value refers to; an empty one for a reference that is not closed.</summary>
    internal static IEnumerable<string> In(string value) =>
        Reference().Matches(value).Where(m => !m.Value.StartsWith("$$", StringComparison.Ordinal)).Select(m => m.Groups[1].Value);

    private static string Resolve(string value, IReadOnlyDictionary<string, string> parameters) =>
        Reference().Replace(value, m => m.Value.StartsWith("$$", StringComparison.Ordinal) ? "${" : parameters[m.Groups[1].Value]);

    [GeneratedRegex(@"\$\$\{|\$\{(?:([^{}]*)\})?")]
    private static partial Regex Reference();
}
