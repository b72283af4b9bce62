using System.Globalization;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>At most so many findings of one kind.</summary>
/// <param name="Kind">Completes "3 findings …", such as "of severity high".</param>
internal sealed record FindingRule(string Name, string Of, string Kind, int Limit, Func<Finding, bool> Matches)
{
    private static readonly Severity[] Severities =
    [
        Severity.Critical,
        Severity.High,
        Severity.Medium,
        Severity.Low,
        Severity.Informational,
    ];

    /// <summary>The rules that a block section stands for. A limit of its own replaces the ceiling for its severity.</summary>
    public static IEnumerable<FindingRule> From(BlockSpec block, string of, DateTimeOffset now)
    {
        foreach (var severity in Severities)
        {
            if (block.Max.TryGetValue(severity, out var limit) || severity >= block.Severity)
            {
                yield return new FindingRule(
                    "severity",
                    of,
                    $"of severity {severity.ToString().ToLowerInvariant()}",
                    limit,
                    finding => Counts(finding, block) && IsDue(finding, block, now) && Rated(finding, block) == severity
                );
            }
        }

        // What is being exploited does not wait for a grace to end.
        if (block.KnownExploit)
        {
            yield return new FindingRule(
                "known-exploit",
                of,
                "with a known exploit",
                0,
                finding => Counts(finding, block) && finding.HasExploit
            );
        }

        if (block.Epss is { } epss)
        {
            yield return new FindingRule(
                "epss",
                of,
                $"with an EPSS of {Text(epss)} or more",
                0,
                finding => Counts(finding, block) && finding.Epss >= epss
            );
        }

        if (block.Score is { } score)
        {
            yield return new FindingRule(
                "score",
                of,
                $"with an Inspector score of {Text(score)} or more",
                0,
                finding => Counts(finding, block) && IsDue(finding, block, now) && finding.Score >= score
            );
        }
    }

    /// <summary>The rule as half a sentence, such as "recipe: at most 2 findings of severity high".</summary>
    public override string ToString() => $"{Of}: {(Limit == 0 ? "no findings" : $"at most {Limit} findings")} {Kind}";

    public BrokenRule? Judge(IEnumerable<Finding> findings)
    {
        var found = findings.Where(Matches).ToList();
        return found.Count <= Limit
            ? null
            : new BrokenRule(
                Name,
                Of,
                $"{(found.Count == 1 ? "1 finding" : $"{found.Count} findings")} {Kind}, {Allowed} allowed",
                WorstFirst(found)
            );
    }

    public static IReadOnlyList<Finding> WorstFirst(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.VulnerabilityId, StringComparer.Ordinal)];

    public static Severity Rated(Finding finding, BlockSpec block) =>
        finding.Severity == Severity.Untriaged ? block.Untriaged : finding.Severity;

    private string Allowed => Limit == 0 ? "none" : $"at most {Limit}";

    private static bool Counts(Finding finding, BlockSpec block) =>
        (finding.IsFixable || !block.FixableOnly) && !(finding.IsSuppressed && block.IgnoreSuppressed);

    // Grace is time to take a fix in. The vendor's advisory is the day from which there was one; without that day, or a fix, there is no grace.
    private static bool IsDue(Finding finding, BlockSpec block, DateTimeOffset now) =>
        !finding.IsFixable || finding.PublishedAt is not { } since || now - since >= block.Grace;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
