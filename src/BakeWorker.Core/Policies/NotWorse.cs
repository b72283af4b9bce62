using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>
/// The rule "not worse than the image now in use": the severest level at which the two differ decides. An image is compared by what was known when
/// its predecessor was judged; what became known since is in the predecessor as well.
/// </summary>
internal static class NotWorse
{
    private const string Name = "not-worse";

    /// <param name="findings">What nobody waived in the new image.</param>
    /// <param name="current">Null when no image is in use.</param>
    public static BrokenRule? Judge(IReadOnlyList<Finding> findings, CurrentImage? current, BlockSpec block, string of)
    {
        if (current is null)
        {
            return null;
        }

        if (current.Counts is not { } counts)
        {
            return new BrokenRule(
                Name,
                of,
                $"{current.Id}, now in use, does not tell what was found in it, so nothing proves that this image is not worse (release one image without notWorse)",
                []
            );
        }

        var comparable = findings.Where(finding => finding.PublishedAt is not { } since || since <= counts.At).ToList();
        for (var severity = Severity.Critical; severity >= Severity.Informational; severity--)
        {
            var now = comparable.Where(finding => FindingRule.Rated(finding, block) == severity).ToList();
            var before = counts.BySeverity[severity] + (severity == block.Untriaged ? counts.BySeverity[Severity.Untriaged] : 0);
            if (now.Count != before)
            {
                return now.Count < before
                    ? null
                    : new BrokenRule(
                        Name,
                        of,
                        $"{now.Count} known findings of severity {severity.ToString().ToLowerInvariant()}, but {current.Id}, now in use, had {before}",
                        FindingRule.WorstFirst(now)
                    );
            }
        }

        return null;
    }
}
