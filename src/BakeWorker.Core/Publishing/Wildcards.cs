using System.IO.Enumeration;

namespace BakeWorker.Core.Publishing;

/// <summary>IAM's wildcards: <c>*</c> for any characters, <c>?</c> for one.</summary>
internal static class Wildcards
{
    public static bool Match(string pattern, string text) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), text);
}
