using System.Text.RegularExpressions;

namespace BakeWorker.Core.Linting;

/// <summary>Something that works today and will not always, found in one line of a script or component.</summary>
/// <param name="Id">Stable: <c>validate</c> shows it and scripts allow it by this word.</param>
/// <param name="Matches">Lines that are suspicious.</param>
/// <param name="Advice">What to write instead.</param>
internal sealed record LintRule(string Id, Regex Matches, string Advice)
{
    /// <summary>What takes the suspicion from a line; null for nothing.</summary>
    public Regex? Unless { get; init; }

    /// <summary>What anywhere in the file takes the suspicion from all its lines; null for nothing.</summary>
    public Regex? UnlessAnywhere { get; init; }

    public bool Finds(string line) => Matches.IsMatch(line) && Unless?.IsMatch(line) != true;
}
