using System.Text.RegularExpressions;

namespace BakeWorker.Core.Recipes;

/// <summary>What the name of an EC2 instance type tells about its CPU.</summary>
internal static partial class InstanceTypeName
{
    /// <summary>Null where the name does not say: Macs, high-memory and other families with names of their own.</summary>
    public static Architecture? ArchitectureOf(string type)
    {
        var family = Family().Match(type);
        if (!family.Success || family.Groups["line"].Value == "mac")
        {
            return null;
        }

        var isGraviton = family.Groups["options"].Value.Contains('g') || family.Groups["line"].Value == "a";
        return isGraviton ? Architecture.Arm64 : Architecture.X86_64;
    }

    /// <summary>What a recipe gets that names no types.</summary>
    public static IReadOnlyList<string> Defaults(Platform platform, Architecture architecture) =>
        architecture == Architecture.Arm64 ? ["t4g.small", "m6g.medium"]
        : platform == Platform.Windows ? ["t3.large", "t3a.large"]
        : ["t3.small", "t3a.small"];

    [GeneratedRegex(@"^(?<line>[a-z]+)[0-9]+(?<options>[a-z]*)\.")]
    private static partial Regex Family();
}
