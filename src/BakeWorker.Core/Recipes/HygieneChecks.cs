using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>That what a recipe allows the sweep to find can be found, may be allowed, and is not allowed for ever.</summary>
internal sealed class HygieneChecks(Section hygiene, DateOnly today, Problems problems)
{
    private static readonly string[] Allowable = [.. HygieneRules.All.Where(rule => rule.MayBeAllowed).Select(rule => rule.Name)];

    public void Run()
    {
        foreach (var allowance in hygiene.List(HygieneFields.Allow))
        {
            if (allowance.TryGet(AllowanceFields.Rule, out var rule) && HygieneRules.Find(rule) is not { MayBeAllowed: true })
            {
                problems.Error(allowance.At(AllowanceFields.Rule), $"{allowance.PathOf(AllowanceFields.Rule)} {Trouble(rule)}");
            }

            if (allowance.TryGet(AllowanceFields.Expires, out var end) && end < today)
            {
                problems.Warn(
                    allowance.At(AllowanceFields.Expires),
                    $"{allowance.PathOf(AllowanceFields.Expires)} was {Words.Date.Show(end)}, so the allowance counts for nothing; renew or remove it."
                );
            }
        }
    }

    private static string Trouble(string rule) =>
        HygieneRules.Find(rule) is not null
            ? $"is '{rule}', which nobody can allow: instances of the image would not be themselves; remove it."
            : $"is '{rule}', which is no rule of docs/sweep.md; {Suggestion.Hint(rule, Allowable, "write one of")}";
}
