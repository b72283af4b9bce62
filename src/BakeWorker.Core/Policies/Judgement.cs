using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>Findings, sorted by what the recipe and the operator's policy make of them, with every reason.</summary>
public sealed record Judgement(IReadOnlyList<Finding> Blocking, IReadOnlyList<Finding> Waived, IReadOnlyList<Finding> Tolerated)
{
    /// <summary>The rules that the blocking findings break.</summary>
    public IReadOnlyList<BrokenRule> Broken { get; init; } = [];

    /// <summary>Waivers that let something through.</summary>
    public IReadOnlyList<Waiver> UsedWaivers { get; init; } = [];

    /// <summary>Waivers that would let something through, had they not ended.</summary>
    public IReadOnlyList<Waiver> ExpiredWaivers { get; init; } = [];

    /// <summary>Waivers of what is not there (any more).</summary>
    public IReadOnlyList<Waiver> UnusedWaivers { get; init; } = [];

    public bool Passed => Broken.Count == 0;

    public IEnumerable<Finding> All => Blocking.Concat(Waived).Concat(Tolerated);

    /// <summary>What the image that was judged goes on with.</summary>
    public IEnumerable<Finding> Unwaived => Blocking.Concat(Tolerated);
}

/// <summary>A rule that an image breaks.</summary>
/// <param name="Rule"><c>severity</c>, <c>known-exploit</c>, <c>epss</c>, <c>score</c> or <c>not-worse</c>.</param>
/// <param name="Of"><c>recipe</c> or <c>policy</c>.</param>
/// <param name="Text">What the rule allows and what there is, as half a sentence.</param>
/// <param name="Findings">The findings that break it, worst first.</param>
public sealed record BrokenRule(string Rule, string Of, string Text, IReadOnlyList<Finding> Findings);
