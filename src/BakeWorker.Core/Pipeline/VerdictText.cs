using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline;

/// <summary>A judgement as results tell it.</summary>
internal static class VerdictText
{
    public static ResultVerdict Of(Judgement judgement) =>
        new(judgement.Passed)
        {
            Broken = [.. judgement.Broken.Select(Of)],
            Waived = [.. judgement.UsedWaivers.Select(Of)],
            Expired = [.. judgement.ExpiredWaivers.Select(Of)],
            Unused = [.. judgement.UnusedWaivers.Select(Of)],
            Suppressed = judgement.All.Count(finding => finding.IsSuppressed),
        };

    private static ResultBrokenRule Of(BrokenRule broken) =>
        new(broken.Rule, broken.Of, broken.Text, [.. broken.Findings.Take(ResultBrokenRule.MostFindings).Select(Of)]);

    private static ResultFinding Of(Finding finding) =>
        new(finding.VulnerabilityId, finding.Severity.ToString().ToLowerInvariant())
        {
            Package = finding.Package,
            Version = finding.InstalledVersion,
            Fix = finding.FixedVersion,
            Suppressed = finding.IsSuppressed,
        };

    private static ResultWaiver Of(Waiver waiver) =>
        new(waiver.Vulnerability, waiver.Reason, waiver.ApprovedBy, waiver.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        {
            Package = waiver.Package,
        };
}
