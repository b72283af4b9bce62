namespace BakeWorker.Core.Bakes;

/// <summary>What a failure means for the request. The consumer decides by this alone.</summary>
public enum FailureKind
{
    /// <summary>Try again later on any worker: throttling, lost instance, no capacity.</summary>
    Transient,

    /// <summary>The request or recipe is wrong; never retried.</summary>
    Invalid,

    /// <summary>A gate said no.</summary>
    Rejected,

    /// <summary>The system broke in a way a retry does not mend.</summary>
    Failed,

    /// <summary>Somebody asked to stop it.</summary>
    Cancelled,
}

/// <summary>The one way in which a bake fails. <see cref="Code"/> is stable (docs/failures.md) and becomes <c>error.type</c>.</summary>
public sealed class BakeFailedException(FailureKind kind, string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    /// <summary>Kebab-case, one of <see cref="FailureCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The recipe step or test at fault, if one is.</summary>
    public string? Step { get; init; }

    /// <summary>When the next attempt may begin, where that is known; null for the growing pauses of transient failures.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Console output, failed checks, last lines: what an operator needs to see. Never a secret.</summary>
    public string? Evidence { get; init; }

    /// <summary>More of it than fits a message, once somebody has collected it.</summary>
    public IReadOnlyList<Exhibit> Exhibits { get; set; } = [];
}
