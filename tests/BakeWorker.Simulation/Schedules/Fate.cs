using BakeWorker.Core.Bakes;

namespace BakeWorker.Simulation.Schedules;

/// <summary>What becomes of a bake by its own doing, whatever the cloud and the workers do besides.</summary>
public enum Fate
{
    Good,

    /// <summary>A step fails once, and its recipe has tries left.</summary>
    Flaky,

    /// <summary>A step asks for a restart.</summary>
    Reboots,

    /// <summary>It has a finding that its recipe's waivers accept, or that another recipe's block refuses.</summary>
    Vulnerable,
    StepFails,
    StepHangs,
    HygieneFails,
    TestFails,
    DryRun,
}

/// <summary>A request that is sent, once or more often.</summary>
public sealed record Order(string Recipe, string RequestId, Fate Fate, TimeSpan At, string Body)
{
    public BakeId Id => BakeId.For(Recipe, RequestId);

    /// <summary>When the same request is sent again; null when it is sent once.</summary>
    public TimeSpan? AgainAt { get; init; }

    /// <summary>When somebody begins to ask for its end; null when nobody does.</summary>
    public TimeSpan? CancelAt { get; init; }

    /// <summary>Whether an image of it may ever pass its gates.</summary>
    public bool MayPublish => Fate is Fate.Good or Fate.Flaky or Fate.Reboots || (Fate == Fate.Vulnerable && Recipe == "waived");

    /// <summary>How it ends when nothing but its fate matters; in a storm of faults <see cref="Outcome.Failed"/> is always possible.</summary>
    public Outcome Expected =>
        MayPublish ? Outcome.Published
        : Fate == Fate.DryRun ? Outcome.Skipped
        : Fate is Fate.StepFails or Fate.StepHangs ? Outcome.Failed
        : Outcome.Rejected;
}

/// <summary>A message that can never be carried out.</summary>
public sealed record BadOrder(TimeSpan At, string Body);
