using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Retiring;

/// <summary>The next step of a released image out of this world; each of the last three needs the one before, and a pause in between.</summary>
public enum RetireAction
{
    Keep,
    Deprecate,
    Disable,
    Deregister,
}

/// <summary>What is to become of one image, and why.</summary>
public sealed record RetireDecision(Image Image, RetireAction Action, string Reason)
{
    /// <summary>It was carried out.</summary>
    public bool IsDone { get; init; }

    /// <summary>Why it could not be carried out; null when it was not tried, or was done.</summary>
    public string? Failure { get; init; }
}

/// <summary>The plan for every released image of a recipe. <paramref name="Problems"/> name what could not be looked at.</summary>
public sealed record RetireReport(string Recipe, IReadOnlyList<RetireDecision> Decisions, IReadOnlyList<string> Problems);
