using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>
/// The vulnerability gate: the recipe's rule and the operator's, each by itself, less what is waived. What nobody rated counts as the rule says,
/// high by default; what somebody suppressed in Inspector counts unless the rule says otherwise, because the account's filters are no policy.
/// </summary>
public static class FindingPolicy
{
    /// <param name="policy">The operator's rule; null for none.</param>
    /// <param name="current">The image now in use, for <see cref="BlockSpec.NotWorse"/>; null for none.</param>
    public static Judgement Judge(
        IReadOnlyList<Finding> findings,
        ScanSpec recipe,
        BlockSpec? policy,
        CurrentImage? current,
        DateTimeOffset now
    )
    {
        var blocks = Blocks(recipe, policy);
        var rules = blocks.SelectMany(block => FindingRule.From(block.Block, block.Of, now)).ToList();
        var (valid, expired) = Split(recipe.Waivers, DateOnly.FromDateTime(now.UtcDateTime));

        var concerned = findings.Where(finding => rules.Exists(rule => rule.Matches(finding)));
        var waived = concerned.Where(finding => valid.Exists(waiver => Covers(waiver, finding))).ToHashSet();
        var open = findings.Where(finding => !waived.Contains(finding)).ToList();
        BrokenRule?[] broken =
        [
            .. rules.Select(rule => rule.Judge(open)),
            .. blocks.Where(block => block.Block.NotWorse).Select(block => NotWorse.Judge(open, current, block.Block, block.Of)),
        ];
        var blocking = broken.OfType<BrokenRule>().SelectMany(rule => rule.Findings).ToHashSet();
        return new Judgement([.. FindingRule.WorstFirst(blocking)], [.. waived], [.. open.Where(finding => !blocking.Contains(finding))])
        {
            Broken = [.. broken.OfType<BrokenRule>()],
            UsedWaivers = [.. valid.Where(waiver => waived.Any(finding => Covers(waiver, finding)))],
            ExpiredWaivers = [.. expired.Where(waiver => blocking.Any(finding => Covers(waiver, finding)))],
            UnusedWaivers = [.. recipe.Waivers.Where(waiver => !findings.Any(finding => Covers(waiver, finding)))],
        };
    }

    /// <summary>The rules as people read them.</summary>
    public static IReadOnlyList<string> Describe(ScanSpec recipe, BlockSpec? policy, DateTimeOffset now) =>
        [
            .. Blocks(recipe, policy).SelectMany(block => FindingRule.From(block.Block, block.Of, now)).Select(rule => rule.ToString()),
            .. Blocks(recipe, policy).Where(block => block.Block.NotWorse).Select(block => $"{block.Of}: not worse than the image in use"),
        ];

    private static (string Of, BlockSpec Block)[] Blocks(ScanSpec recipe, BlockSpec? policy) =>
        policy is null ? [("recipe", recipe.Block)] : [("recipe", recipe.Block), ("policy", policy)];

    private static (List<Waiver> Valid, List<Waiver> Expired) Split(IReadOnlyList<Waiver> waivers, DateOnly today) =>
        ([.. waivers.Where(waiver => today <= waiver.Expires)], [.. waivers.Where(waiver => today > waiver.Expires)]);

    public static bool Covers(Waiver waiver, Finding finding) =>
        waiver.Vulnerability == finding.VulnerabilityId && (waiver.Package is null || waiver.Package == finding.Package);
}
