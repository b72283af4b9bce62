using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Policies;

/// <summary>Something in a recipe that the operator's policy does not allow.</summary>
/// <param name="Path">The field, such as <c>publish.share.accounts</c>; of something that is missing, the section it would stand in.</param>
/// <param name="Message">What is wrong, and who can mend it how.</param>
public sealed record PolicyBreach(string Path, string Message);

/// <summary>Holds a recipe against the operator's policy, as far as that needs no cloud.</summary>
public static class RecipePolicy
{
    /// <summary>Everything that the policy does not allow; nothing when the recipe keeps it.</summary>
    /// <param name="home">The Region bakes are built in; null where it is not known.</param>
    public static IReadOnlyList<PolicyBreach> Judge(Recipe recipe, OperatorPolicy policy, string? home, DateTimeOffset now) =>
        [
            .. Base(recipe.Base, policy.Base),
            .. Regions(recipe, policy, home),
            .. Share(recipe.Publish, policy.Share),
            .. Required(recipe, policy.Require),
            .. Scan(recipe.Scan, policy, now),
        ];

    /// <summary>The same for a recipe that was read, each breach with its place in the file.</summary>
    public static IEnumerable<Problem> Judge(RecipeReading reading, OperatorPolicy policy, string? home, DateTimeOffset now) =>
        reading.Recipe is { } recipe
            ? Judge(recipe, policy, home, now).Select(breach => new Problem(reading.File, reading.PlaceOf(breach.Path), breach.Message))
            : [];

    private static IEnumerable<PolicyBreach> Base(BaseSource source, BasePolicy policy) =>
        source
            .Owners.Except(policy.Owners)
            .Select(owner => new PolicyBreach(
                "base.owners",
                $"base.owners names '{owner}', which the operator's policy does not allow; it allows {string.Join(", ", policy.Owners)}."
            ));

    private static IEnumerable<PolicyBreach> Regions(Recipe recipe, OperatorPolicy policy, string? home)
    {
        if (policy.Regions is not { } allowed)
        {
            yield break;
        }

        if (home is not null && !allowed.Contains(home))
        {
            yield return new PolicyBreach(
                "name",
                $"bakes are built in {home}, which the operator's policy does not allow; it allows {string.Join(", ", allowed)}."
            );
        }

        foreach (var region in recipe.Publish.Regions.Except(allowed))
        {
            yield return new PolicyBreach(
                "publish.regions",
                $"publish.regions names {region}, which the operator's policy does not allow; it allows {string.Join(", ", allowed)}."
            );
        }
    }

    private static IEnumerable<PolicyBreach> Share(PublishSpec publish, SharePolicy policy)
    {
        var share = publish.Share;
        return
        [
            .. share.Accounts.Except(policy.Accounts).Select(account => Stranger("accounts", account)),
            .. share.OrganizationArns.Except(policy.OrganizationArns).Select(arn => Stranger("organizations", arn)),
            .. share.OrganizationalUnitArns.Where(arn => !policy.AllowsUnit(arn)).Select(arn => Stranger("organizationalUnits", arn)),
            .. share.IsPublic && !policy.Public ? [Public] : Array.Empty<PolicyBreach>(),
        ];

        static PolicyBreach Stranger(string field, string who) =>
            new(
                $"publish.share.{field}",
                $"publish.share.{field} names '{who}', with whom the operator's policy shares nothing; remove it, or ask the operator for share.{field} of the policy."
            );
    }

    private static readonly PolicyBreach Public = new(
        "publish.share.public",
        "publish.share.public is true, but the operator's policy shares nothing with everybody; remove it, or ask the operator for share.public of the policy."
    );

    private static IEnumerable<PolicyBreach> Required(Recipe recipe, RequirePolicy policy)
    {
        var phases = policy.Phases.Except(recipe.Steps.Select(step => step.Phase)).Select(Words.Phase.Show);
        return
        [
            .. phases.Select(phase => new PolicyBreach(
                "steps",
                $"no step is of phase {phase}, which the operator's policy requires; add one."
            )),
            .. Missing("tests", "test", policy.Tests, recipe.Tests.Select(test => test.Name)),
            .. policy
                .Gates.Where(gate => !recipe.Tests.Any(test => test.Gate == gate.Key && test.Least >= gate.Value))
                .Select(gate => new PolicyBreach(
                    "tests",
                    $"no test is the gate {Words.Gate.Show(gate.Key)} with least: {gate.Value} or more, which the operator's policy requires; add it."
                )),
            .. Missing("tags", "tag", policy.Tags, recipe.Tags.Keys),
            .. Flag("builder.rootVolume.encrypted", policy.Encryption && !recipe.Builder.Encrypted),
            .. Flag("publish.imdsv2", policy.ImdsV2 && !recipe.Publish.ImdsV2),
        ];
    }

    private static IEnumerable<PolicyBreach> Scan(ScanSpec scan, OperatorPolicy policy, DateTimeOffset now)
    {
        if (!policy.ScanSources.Contains(scan.Source))
        {
            var allowed = string.Join(", ", policy.ScanSources.Select(ScanFields.SourceWord.Show));
            yield return new PolicyBreach(
                "scan.source",
                $"scan.source is '{ScanFields.SourceWord.Show(scan.Source)}', which the operator's policy does not allow; write one of {allowed}."
            );
        }

        if (scan.Source == ScanSource.Image && policy.Findings is { KnownExploit: true } or { Epss: not null })
        {
            yield return new PolicyBreach(
                "scan.source",
                "scan.source is 'image', which shows neither exploits nor EPSS, but the operator's policy judges by them; write instance or both."
            );
        }

        var last = policy.LongestWaiver is { } longest ? DateOnly.FromDateTime((now + longest).UtcDateTime) : DateOnly.MaxValue;
        foreach (var waiver in scan.Waivers.Where(waiver => waiver.Expires > last))
        {
            yield return new PolicyBreach(
                "scan.waivers",
                $"{waiver.Vulnerability} is waived until {Words.Date.Show(waiver.Expires)}, but the operator's policy allows no waiver beyond {Words.Date.Show(last)}; let it end sooner."
            );
        }
    }

    private static IEnumerable<PolicyBreach> Missing(string section, string noun, IEnumerable<string> wanted, IEnumerable<string> had) =>
        wanted
            .Except(had)
            .Select(name => new PolicyBreach(section, $"the recipe has no {noun} '{name}', which the operator's policy requires; add it."));

    private static IEnumerable<PolicyBreach> Flag(string field, bool isBroken) =>
        isBroken ? [new PolicyBreach(field, $"{field} is false, but the operator's policy requires it; write true, or leave it out.")] : [];
}
