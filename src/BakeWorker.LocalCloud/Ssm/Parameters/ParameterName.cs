using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>The rules of parameter names.</summary>
internal static partial class ParameterName
{
    private const int LevelLimit = 15;

    // Of the 1,011 characters of a name, the ARN in front of it counts too.
    private const int LengthLimit = 1011;

    /// <summary>Throws what SSM says to a name that may not be created.</summary>
    public static void Check(string name, string arn)
    {
        if (IsReserved(name))
        {
            throw new CloudException("AccessDeniedException", $"No access to reserved parameter name: {name}.");
        }

        var first = name.TrimStart('/').Split('/')[0];
        if (StartsWith(first, "aws") || StartsWith(first, "ssm") || !NamePattern().IsMatch(name))
        {
            throw Invalid(
                "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, it can consist of "
                    + "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
            );
        }

        if (name.Contains('/', StringComparison.Ordinal) && name[0] != '/')
        {
            throw Invalid("Parameter name must be a fully qualified name.");
        }

        if (arn.Length > LengthLimit)
        {
            throw Invalid($"Parameter name with its ARN must not be longer than {LengthLimit} characters.");
        }

        if (name.Count(c => c == '/') > LevelLimit)
        {
            throw new CloudException(
                "HierarchyLevelLimitExceededException",
                $"Hierarchy depth should not exceed {LevelLimit}: reduce the number of levels in {name}."
            );
        }
    }

    public static bool IsReserved(string name) => StartsWith(name, "/aws/") || StartsWith(name, "/ssm/");

    /// <summary>Splits <c>name:version</c>, <c>name:label</c> and the ARN forms of both.</summary>
    public static (string Name, string Selector) Split(string text)
    {
        if (text.StartsWith("arn:", StringComparison.Ordinal) && text.IndexOf(":parameter", StringComparison.Ordinal) is > 0 and var at)
        {
            text = text[(at + ":parameter".Length)..];
            // The ARN of a name without a path has a slash that the name has not.
            text = text.LastIndexOf('/') == 0 ? text[1..] : text;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    private static bool StartsWith(string text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static CloudException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex(@"^/?[a-zA-Z0-9_.\-]+(/[a-zA-Z0-9_.\-]+)*$")]
    private static partial Regex NamePattern();
}
