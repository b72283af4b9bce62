namespace BakeWorker.Core.Bakes;

/// <summary>How a request ended.</summary>
public enum Outcome
{
    Published,

    /// <summary>A gate said no.</summary>
    Rejected,

    /// <summary>Nothing changed, or a dry run.</summary>
    Skipped,

    /// <summary>The system broke.</summary>
    Failed,
    Cancelled,

    /// <summary>The request or the recipe was wrong.</summary>
    Invalid,

    /// <summary>It was for many recipes and has become one request for each.</summary>
    Requested,
}

/// <summary>The one answer to a request (<c>bakeworker schema result</c>). Sent at least once: dedupe by bake id and attempts.</summary>
public sealed record BakeResult
{
    public required string BakeId { get; init; }
    public required string RequestId { get; init; }
    public required string Recipe { get; init; }
    public string? RecipeDigest { get; init; }
    public required Outcome Outcome { get; init; }

    /// <summary>Published image by Region.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();
    public string? Pointer { get; init; }
    public string? BaseImage { get; init; }
    public ResultFailure? Failure { get; init; }
    public IReadOnlyList<ResultStage> Stages { get; init; } = [];
    public ResultFindings? Findings { get; init; }

    /// <summary>What the gate made of the findings, with every reason; null when the image was not judged.</summary>
    public ResultVerdict? Verdict { get; init; }

    /// <summary>Packages that came, went or changed, one line each; null when it is not known.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>How it compared with the image in use; null when nobody asked for a bake only if something changed.</summary>
    public ResultComparison? Comparison { get; init; }

    /// <summary>What was looked at on instances of the image; null before one booted.</summary>
    public IReadOnlyList<ResultCheck>? Checks { get; init; }
    public ResultProvenance? Provenance { get; init; }

    /// <summary>What a request for many recipes has become; null for an ordinary one.</summary>
    public IReadOnlyList<ResultRequest>? Requests { get; init; }
    public int Attempts { get; init; } = 1;
    public string? Worker { get; init; }

    /// <summary>What instances really were: <c>scripted</c>, <c>sandbox</c> or <c>vm</c>; absent on AWS.</summary>
    public string? Guest { get; init; }

    /// <summary>Where LocalCloud keeps the image, by Region; absent on AWS.</summary>
    public IReadOnlyDictionary<string, string>? ImageFiles { get; init; }
    public string? TraceId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}

/// <summary>What failed, where, and who must act (docs/failures.md).</summary>
public sealed record ResultFailure(string Code, string Message)
{
    public string? Stage { get; init; }
    public string? Step { get; init; }
    public required string Actor { get; init; }
    public required bool Retryable { get; init; }
    public string? Evidence { get; init; }
    public IReadOnlyList<Exhibit>? Exhibits { get; init; }
    public ResultKept? Kept { get; init; }
}

/// <summary>A builder that was kept for people to look at, until when, and the command line that opens a shell on it.</summary>
public sealed record ResultKept(string Instance, DateTimeOffset Until, string Access);

/// <summary>A stage of the last attempt. <paramref name="Result"/>: success, failure, error, timeout or cancellation.</summary>
public sealed record ResultStage(string Name, string Result, DateTimeOffset StartedAt, double Seconds);

/// <summary>One check of the boot test. <paramref name="Result"/>: passed, failed or not-applicable. <paramref name="Boot"/>: 1, or 2 after the restart.</summary>
public sealed record ResultCheck(string Name, string Result, int Boot)
{
    public string? InstanceType { get; init; }
    public string? Detail { get; init; }

    /// <summary>Of 100, of a test that has one.</summary>
    public double? Score { get; init; }

    /// <summary>How much of what the test looked at had failed.</summary>
    public int? Failed { get; init; }
}

/// <summary>Findings by severity; waived ones are counted in their severity too.</summary>
public sealed record ResultFindings(int Critical, int High, int Medium, int Low, int Untriaged, int Waived);

/// <summary>What the gate made of the findings.</summary>
public sealed record ResultVerdict(bool Passed)
{
    /// <summary>Rules that the image breaks, with the findings that break them.</summary>
    public IReadOnlyList<ResultBrokenRule> Broken { get; init; } = [];

    /// <summary>Waivers that let something through.</summary>
    public IReadOnlyList<ResultWaiver> Waived { get; init; } = [];

    /// <summary>Waivers that ended, of findings that reject the image.</summary>
    public IReadOnlyList<ResultWaiver> Expired { get; init; } = [];

    /// <summary>Waivers of what was not found.</summary>
    public IReadOnlyList<ResultWaiver> Unused { get; init; } = [];

    /// <summary>Findings that somebody suppressed in Inspector.</summary>
    public int Suppressed { get; init; }
}

/// <summary>A rule of the recipe or the policy that the image breaks, and at most <see cref="MostFindings"/> of its findings, worst first.</summary>
public sealed record ResultBrokenRule(string Rule, string Of, string Text, IReadOnlyList<ResultFinding> Findings)
{
    /// <summary>A message has room for so many.</summary>
    public const int MostFindings = 50;
}

/// <summary>One finding. <paramref name="Fix"/> is the version to update to; absent where there is none.</summary>
public sealed record ResultFinding(string Vulnerability, string Severity)
{
    public string? Package { get; init; }
    public string? Version { get; init; }
    public string? Fix { get; init; }
    public bool Suppressed { get; init; }
}

/// <summary>An accepted finding, as the recipe's waivers say it.</summary>
public sealed record ResultWaiver(string Vulnerability, string Reason, string ApprovedBy, string Expires)
{
    public string? Package { get; init; }
}

/// <summary>What a bake would be made of, held against the image in use. <paramref name="Text"/> says in one sentence why it was baked, or skipped.</summary>
public sealed record ResultComparison(string Text, IReadOnlyList<ResultPart> Parts)
{
    /// <summary>The image in use; null when there is none.</summary>
    public string? Image { get; init; }
}

/// <summary>One part of a comparison. <paramref name="Result"/>: same, changed, unknown or not-asked.</summary>
public sealed record ResultPart(string Part, string Result)
{
    public string? Detail { get; init; }
}

/// <summary>One request of many.</summary>
public sealed record ResultRequest(string Recipe, string RequestId, string BakeId);

/// <summary>Digest of the proof that belongs to the image.</summary>
public sealed record ResultProvenance(string Digest);
