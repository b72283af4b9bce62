using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>What the operator allows, whatever a recipe says (docs/policy.md). Without a policy file these defaults hold.</summary>
public sealed record OperatorPolicy
{
    /// <summary>What holds where no policy file is named.</summary>
    public static readonly OperatorPolicy Default = new();

    /// <summary><c>sha256:…</c> of the policy file; null where the defaults hold.</summary>
    public string? Digest { get; init; }

    public BasePolicy Base { get; init; } = new();

    /// <summary>Regions in which images may be; null for any.</summary>
    public IReadOnlyList<string>? Regions { get; init; }
    public SharePolicy Share { get; init; } = new();
    public RequirePolicy Require { get; init; } = new();

    /// <summary>Where findings may come from. Unless the operator lists <see cref="ScanSource.None"/>, nothing unscanned is published.</summary>
    public IReadOnlyList<ScanSource> ScanSources { get; init; } = [ScanSource.Instance, ScanSource.Image, ScanSource.Both];

    /// <summary>Findings that reject besides those that the recipe's own rule rejects; null for none.</summary>
    public BlockSpec? Findings { get; init; }

    /// <summary>How far from now a waiver may end; null for any time.</summary>
    public TimeSpan? LongestWaiver { get; init; }
}

/// <summary>Which bases may be baked from.</summary>
public sealed record BasePolicy
{
    /// <summary>Amazon, with its accounts of Amazon Linux and Windows, this account, Debian, Canonical and Red Hat.</summary>
    public static readonly IReadOnlyList<string> WellKnownOwners =
    [
        "amazon",
        "137112412989",
        "801119661308",
        "self",
        "136693071363",
        "099720109477",
        "309956199498",
    ];

    /// <summary>Account ids or owner aliases. A base needs an owner that stands here and in its recipe.</summary>
    public IReadOnlyList<string> Owners { get; init; } = WellKnownOwners;

    /// <summary>The oldest base that may be used, whatever the recipe allows; null for no limit.</summary>
    public TimeSpan? MaxAge { get; init; }
}

/// <summary>Whom images may be shared with. Nobody, unless the operator says so.</summary>
public sealed record SharePolicy
{
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Organizations, each with all its units.</summary>
    public IReadOnlyList<string> OrganizationArns { get; init; } = [];
    public IReadOnlyList<string> OrganizationalUnitArns { get; init; } = [];

    /// <summary>Whether an image may be launched by everybody.</summary>
    public bool Public { get; init; }

    /// <summary>Organizational units are allowed by themselves or with their organization.</summary>
    public bool AllowsUnit(string arn) => OrganizationalUnitArns.Contains(arn) || OrganizationArns.Any(whole => IsIn(arn, whole));

    // arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-… lies in …:organization/o-abcdefghij
    private static bool IsIn(string unit, string organization) =>
        unit.StartsWith($"{organization.Replace(":organization/", ":ou/", StringComparison.Ordinal)}/", StringComparison.Ordinal);
}

/// <summary>What every recipe must do and have.</summary>
public sealed record RequirePolicy
{
    /// <summary>Phases of which a recipe must have a step.</summary>
    public IReadOnlyList<StepPhase> Phases { get; init; } = [StepPhase.Patch, StepPhase.Cleanup];

    /// <summary>Names of tests that a recipe must have.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>Gates that a recipe must have among its tests, with the least score that it must ask for.</summary>
    public IReadOnlyDictionary<Gate, int> Gates { get; init; } = new Dictionary<Gate, int>();

    /// <summary>Names of tags that a recipe must give its images.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether images must be encrypted.</summary>
    public bool Encryption { get; init; } = true;

    /// <summary>Whether instances of an image must refuse IMDSv1 by default.</summary>
    public bool ImdsV2 { get; init; } = true;
}
