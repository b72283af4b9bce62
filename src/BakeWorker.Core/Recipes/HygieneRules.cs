namespace BakeWorker.Core.Recipes;

/// <summary>A rule of the sweep: what it finds, and whether a recipe may allow it.</summary>
public sealed record HygieneRule(string Name, string Finds, bool MayBeAllowed = true);

/// <summary>Every rule of the built-in sweep. Stable: recipes allow findings by them. docs/sweep.md and the scripts say the same; tests hold them together.</summary>
public static class HygieneRules
{
    public static readonly IReadOnlyList<HygieneRule> All =
    [
        .. HygieneRuleLists.Identity.Select(rule => new HygieneRule(rule.Name, rule.Finds, MayBeAllowed: false)),
        .. HygieneRuleLists.Traces.Select(rule => new HygieneRule(rule.Name, rule.Finds)),
        .. HygieneRuleLists.Places.Select(rule => new HygieneRule(rule.Name, rule.Finds)),
        .. HygieneRuleLists.Contents.Select(rule => new HygieneRule(rule.Name, rule.Finds)),
        .. HygieneRuleLists.Windows.Select(rule => new HygieneRule(rule.Name, rule.Finds)),
    ];

    private static readonly Dictionary<string, HygieneRule> ByName = All.ToDictionary(rule => rule.Name);

    public static HygieneRule? Find(string name) => ByName.GetValueOrDefault(name);
}
