namespace BakeWorker.Core.Recipes;

/// <summary>What the sweep for secrets and traces may find without rejecting the image.</summary>
public sealed record HygieneSpec
{
    public IReadOnlyList<Allowance> Allowances { get; init; } = [];

    /// <summary>Those that hold on a day; an expired one counts for nothing.</summary>
    public IEnumerable<Allowance> HoldingOn(DateOnly today) => Allowances.Where(allowance => allowance.Expires >= today);

    public IEnumerable<Allowance> ExpiredOn(DateOnly today) => Allowances.Where(allowance => allowance.Expires < today);
}

/// <summary>An accepted finding of the sweep, with a reason, a person and an end.</summary>
public sealed record Allowance
{
    /// <summary>One of <see cref="HygieneRules"/>.</summary>
    public required string Rule { get; init; }

    /// <summary>Absolute path with <c>*</c>, which also matches <c>/</c>, and <c>?</c>.</summary>
    public required string Path { get; init; }
    public required string Reason { get; init; }
    public required string ApprovedBy { get; init; }

    /// <summary>Last day on which it holds (UTC).</summary>
    public required DateOnly Expires { get; init; }
}
