using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Components;

/// <summary>A step of a recipe that names a component.</summary>
internal sealed record ComponentUse(string StepName, string File, StepPhase Phase, Platform Platform)
{
    /// <summary>Values for the component's parameters.</summary>
    public required IReadOnlyDictionary<string, Placed<string>> With { get; init; }

    /// <summary>The limit of its steps that name none themselves.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Where the recipe names it, and where to say what the recipe gets wrong.</summary>
    public required Place Place { get; init; }
    public required Problems Problems { get; init; }
    public required Func<Field, string> PathOf { get; init; }
}

/// <summary>What a component becomes: steps where the recipe names it, steps after all others are done, and tests of the image.</summary>
internal sealed record ComponentSteps(IReadOnlyList<Step> Build, IReadOnlyList<Step> Validate, IReadOnlyList<TestSpec> Tests)
{
    public static readonly ComponentSteps None = new([], [], []);
}
