using System.Text.RegularExpressions;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Linting;

/// <summary>What a careful colleague would say of a recipe that has no errors: it bakes, but not for ever, or not for everybody.</summary>
public static partial class RecipeLint
{
    /// <summary>Warnings with their rules; none of a recipe that could not be read.</summary>
    public static IReadOnlyList<Problem> Check(RecipeReading reading) =>
        reading.Recipe is { } recipe ? [.. OfRecipe(reading, recipe), .. reading.Texts.SelectMany(OfText)] : [];

    /// <summary>Whether the line, or the one before it, says that somebody has thought of this: <c># lint: allow RULE, because …</c></summary>
    public static bool IsAllowed(string rule, IReadOnlyList<string> lines, int index) =>
        Allows(rule, lines[index]) || (index > 0 && Allows(rule, lines[index - 1]));

    private static IEnumerable<Problem> OfRecipe(RecipeReading reading, Recipe recipe)
    {
        if (recipe.Tests.Count == 0)
        {
            yield return Warning(
                reading.File,
                reading.PlaceOf("steps"),
                LintRules.NoTests,
                "no test looks at the image after it has booted; write one under tests, even if it only asks whether the program starts."
            );
        }

        foreach (var place in reading.StepsWithoutTimeout)
        {
            yield return Warning(
                reading.File,
                place,
                LintRules.NoTimeout,
                "the step names no timeout, so it is killed after 15 minutes, too early or too late; write what it may take."
            );
        }
    }

    private static IEnumerable<Problem> OfText(ReadText read)
    {
        var lines = read.Text.Split('\n');
        var rules = LintRules.OfLines.Where(rule => rule.UnlessAnywhere?.IsMatch(read.Text) != true).ToList();
        foreach (var (index, line) in lines.Index().Where(line => !Comment().IsMatch(line.Item)))
        {
            foreach (var rule in rules.Where(rule => rule.Finds(line) && !IsAllowed(rule.Id, lines, index)))
            {
                yield return Warning(read.File, new Place(index + 1, 1), rule.Id, $"{rule.Advice}.");
            }

            if (HoldsSecret(line) && !IsAllowed(LintRules.Secret, lines, index))
            {
                yield return Warning(
                    read.File,
                    new Place(index + 1, 1),
                    LintRules.Secret,
                    "this looks like a secret, and everybody who reads the recipe, or the image, has it; fetch it where it is used, when it is used."
                );
            }
        }

        if (
            read.File.EndsWith(".sh", StringComparison.Ordinal)
            && !StopsAtErrors().IsMatch(read.Text)
            && !IsAllowed(LintRules.GoesOn, lines, 0)
        )
        {
            yield return Warning(
                read.File,
                Place.Start,
                LintRules.GoesOn,
                "the script goes on when a command fails, so the step ends well all the same; write set -eu below its first line."
            );
        }
    }

    // Variables, commands and what a script writes about secrets are none.
    private static bool HoldsSecret(string line) => Masked.Text(line) is var masked && masked != line && !Harmless().IsMatch(line);

    private static bool Allows(string rule, string line) =>
        Allowance().Match(line) is { Success: true } allowed
        && allowed.Groups["rules"].Value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Contains(rule);

    private static Problem Warning(string file, Place place, string rule, string message) =>
        new(file, place, message) { IsWarning = true, Rule = rule };

    [GeneratedRegex(@"^\s*(#(?!!)|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*set\s+-[a-z]*e|^\s*set\s+.*-o\s+errexit|^#!.*\s-[a-z]*e", RegexOptions.Multiline)]
    private static partial Regex StopsAtErrors();

    [GeneratedRegex(
        @"[=:]\s*[""']?(\$|<|\{|/|\\|\[|\()|[""']?[A-Za-z_]+[""']?\s*[=:]\s*[""']?(no|yes|true|false|none|null|string)\b|\b(grep|sed|awk|case|printf|echo|fail|find)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Harmless();

    [GeneratedRegex(@"#\s*lint:\s*allow\s+(?<rules>[A-Za-z0-9 ,-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Allowance();
}
