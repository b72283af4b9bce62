namespace BakeWorker.Core.Planning;

/// <summary>What stands in the way of publishing, as the preflight of a bake would find it now.</summary>
/// <param name="Obstacles">Where, what, and how to mend it; any of them refuses the bake.</param>
/// <param name="Unseen">Why not everything could be looked at; null when it was.</param>
public sealed record PlannedTargets(IReadOnlyList<string> Obstacles, string? Unseen);
