using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>Findings, sorted by what the recipe's policy makes of them.</summary>
public sealed record Judgement(IReadOnlyList<Finding> Blocking, IReadOnlyList<Finding> Waived, IReadOnlyList<Finding> Tolerated)
{
    public bool Passed => Blocking.Count == 0;

    public IEnumerable<Finding> All => Blocking.Concat(Waived).Concat(Tolerated);
}

/// <summary>The vulnerability gate: severity ceiling, fixable only, grace, waivers. What nobody rated counts as the recipe says, high by default.</summary>
public static class FindingPolicy
{
    public static Judgement Judge(IEnumerable<Finding> findings, ScanSpec spec, DateTimeOffset now)
    {
        var blocking = new List<Finding>();
        var waived = new List<Finding>();
        var tolerated = new List<Finding>();
        foreach (var finding in findings)
        {
            if (!Counts(finding, spec.Block, now))
            {
                tolerated.Add(finding);
            }
            else if (spec.Waivers.Any(waiver => Covers(waiver, finding, now)))
            {
                waived.Add(finding);
            }
            else
            {
                blocking.Add(finding);
            }
        }

        return new Judgement(blocking, waived, tolerated);
    }

    // A finding suppressed in Inspector still counts: the account's filters are not this recipe's policy.
    private static bool Counts(Finding finding, BlockSpec block, DateTimeOffset now)
    {
        var severity = finding.Severity == Severity.Untriaged ? block.Untriaged : finding.Severity;
        var isOldEnough = finding.PublishedAt is not { } since || now - since >= block.Grace;
        return severity >= block.Severity && isOldEnough && (finding.IsFixable || !block.FixableOnly);
    }

    private static bool Covers(Waiver waiver, Finding finding, DateTimeOffset now) =>
        waiver.Vulnerability == finding.VulnerabilityId
        && (waiver.Package is null || waiver.Package == finding.Package)
        && DateOnly.FromDateTime(now.UtcDateTime) <= waiver.Expires;
}
