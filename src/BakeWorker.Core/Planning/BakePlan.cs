using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Planning;

/// <summary>What a bake of a recipe would do now, and what would stop it.</summary>
public sealed record BakePlan(Recipe Recipe, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Where the operator's policy stands against it.</summary>
    public required IReadOnlyList<PolicyBreach> Breaches { get; init; }
    public required PlannedBase Base { get; init; }

    /// <summary>Pools in the order they are tried.</summary>
    public required IReadOnlyList<Rung> Builders { get; init; }
    public required IReadOnlyList<Rung> Testers { get; init; }

    /// <summary>Names of the stages, in their order.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>Rules that the findings must keep, the recipe's and the policy's.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>Waivers that have ended.</summary>
    public required IReadOnlyList<Waiver> ExpiredWaivers { get; init; }

    /// <summary>Regions that get the image, the one it is built in first.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    public required PlannedTargets Targets { get; init; }

    /// <summary>Null where no image of the recipe tells.</summary>
    public required PlannedEffort? Effort { get; init; }

    /// <summary>The longest that steps, tests and scan may take, tries included.</summary>
    public required TimeSpan AtMost { get; init; }

    /// <summary>A gate would refuse the bake before anything is launched.</summary>
    public bool IsRefused => Breaches.Count > 0 || Base.Refusal is not null || Targets.Obstacles.Count > 0;
}

/// <summary>The base as it resolves now: trusted, refused by a gate, or not to be had.</summary>
public sealed record PlannedBase
{
    public BaseImage? Image { get; init; }

    /// <summary>Why a bake would be refused; null otherwise.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why nobody can tell now; null otherwise.</summary>
    public string? Obstacle { get; init; }
}
