namespace BakeWorker.Core.Recipes;

public enum Platform
{
    Linux,
    Windows,
}

/// <summary>CPU architecture as EC2 spells it, lower-case: <c>x86_64</c> or <c>arm64</c>.</summary>
public enum Architecture
{
    X86_64,
    Arm64,
}

/// <summary>A purchase option of the capacity ladder.</summary>
public enum Market
{
    OnDemand,
    Spot,

    /// <summary>Spot first, on-demand when no pool has spot capacity.</summary>
    SpotThenOnDemand,
}

/// <summary>A recipe, fully loaded and checked: scripts are in it, nothing is read from disk any more.</summary>
public sealed record Recipe
{
    /// <summary>3 to 64 characters of <c>a-z 0-9 . -</c>, starting with a letter.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required string Owner { get; init; }
    public required Platform Platform { get; init; }
    public required Architecture Architecture { get; init; }
    public required BaseSource Base { get; init; }
    public BuilderSpec Builder { get; init; } = new();
    public IReadOnlyDictionary<string, ParameterSpec> Parameters { get; init; } = new Dictionary<string, ParameterSpec>();
    public required IReadOnlyList<Step> Steps { get; init; }
    public IReadOnlyList<TestSpec> Tests { get; init; } = [];
    public BootSpec Boot { get; init; } = new();
    public HygieneSpec Hygiene { get; init; } = new();
    public ScanSpec Scan { get; init; } = new();
    public PublishSpec Publish { get; init; } = new();
    public RetainSpec Retain { get; init; } = new();
    public ScheduleSpec? Schedule { get; init; }

    /// <summary>Words by which a request for many recipes selects some.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The recipe's own tags, put on images beside ours.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary><c>sha256:…</c> over the recipe file and every file it uses.</summary>
    public required string Digest { get; init; }
}

/// <summary>Where the base image comes from: exactly one of parameter, image or find; owners are checked after resolution in any case.</summary>
public sealed record BaseSource
{
    /// <summary>An SSM parameter whose value is an AMI id.</summary>
    public string? Parameter { get; init; }

    /// <summary>A fixed AMI id.</summary>
    public string? Image { get; init; }

    /// <summary>AMI name pattern with EC2's wildcards; the newest match wins.</summary>
    public string? Name { get; init; }

    /// <summary>Account ids or owner aliases (<c>amazon</c>, <c>self</c>). Never empty.</summary>
    public required IReadOnlyList<string> Owners { get; init; }

    /// <summary>The oldest base that may be used; null for no limit.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The recipe of ours whose released image the base must be; null for any image of its owner.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Product codes that the base may carry.</summary>
    public IReadOnlyList<string> ProductCodes { get; init; } = [];

    public override string ToString() => Parameter ?? Image ?? Name ?? "nothing";
}

/// <summary>How to get the SSM agent into the builder.</summary>
public enum AgentSource
{
    /// <summary>The base image has it.</summary>
    Present,

    /// <summary>User data installs it at first boot.</summary>
    Install,
}

/// <summary>When a builder stays after its bake.</summary>
public enum KeepPolicy
{
    Never,
    OnFailure,
}

/// <summary>The capacity ladder and shape of builder and tester.</summary>
public sealed record BuilderSpec
{
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];
    public Market Market { get; init; } = Market.OnDemand;

    /// <summary>Subnet ids; empty means those of the worker's settings.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];
    public int? RootVolumeGiB { get; init; }
    public bool Encrypted { get; init; } = true;
    public string? KmsKeyId { get; init; }
    public AgentSource Agent { get; init; } = AgentSource.Present;

    /// <summary>How long the builder of a failed bake stays for people to look at; null for not at all.</summary>
    public TimeSpan? KeepFor { get; init; }
}

/// <summary>A value the requester may give. <see cref="Pattern"/> must match the whole value.</summary>
public sealed record ParameterSpec
{
    public required string Name { get; init; }
    public required string Pattern { get; init; }
    public string? Default { get; init; }
    public string? Description { get; init; }
}

/// <summary>Phases of a recipe, in the order they run.</summary>
public enum StepPhase
{
    Patch,
    Harden,
    Install,
    Cleanup,
}

/// <summary>When a step's guest is restarted after its success.</summary>
public enum RebootPolicy
{
    /// <summary>A script that asks for a reboot (exit code 194 or 3010) fails.</summary>
    Never,

    /// <summary>When the script asks for one or the system says it needs one.</summary>
    IfNeeded,
    Always,

    /// <summary>When the script asks for one, as steps of components do.</summary>
    WhenAsked,
}

/// <summary>What the failure of a step means for the bake.</summary>
public enum FailurePolicy
{
    Abort,

    /// <summary>The bake fails, after the steps of the same stage.</summary>
    Continue,

    /// <summary>Nothing.</summary>
    Ignore,
}

/// <summary>One step: a script or an SSM document. Each step of a component is one, too.</summary>
public sealed record Step
{
    /// <summary>Unique within the recipe; 1 to 64 of <c>a-z 0-9 -</c>, with a dot in those of components.</summary>
    public required string Name { get; init; }
    public required StepPhase Phase { get; init; }

    /// <summary>The script's text (from <c>uses</c> or <c>run</c>); null for a document.</summary>
    public string? Script { get; init; }

    /// <summary>Path of the script within the recipe or step library, for messages.</summary>
    public string? ScriptPath { get; init; }
    public string? Document { get; init; }
    public IReadOnlyDictionary<string, string> DocumentParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of the script; values may hold <c>${parameter}</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Further tries of a script that failed, 0 to 5.</summary>
    public int Retries { get; init; }
    public RebootPolicy Reboot { get; init; } = RebootPolicy.Never;
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Abort;
}

/// <summary>A script that must exit 0 on an instance booted from the captured image.</summary>
public sealed record TestSpec
{
    public required string Name { get; init; }
    public required string Script { get; init; }
    public required string ScriptPath { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bears to run beside its neighbours that bear it, too.</summary>
    public bool IsParallel { get; init; }

    /// <summary>The tool whose score it is; null for a script of the recipe or the library.</summary>
    public Gate? Gate { get; init; }

    /// <summary>The least score of 100; null for a test that has none.</summary>
    public int? Least { get; init; }
}

/// <summary>A tool that judges a whole system, where a recipe has installed it.</summary>
public enum Gate
{
    Lynis,
    OpenScap,
    Goss,
}

/// <summary>Where findings come from.</summary>
public enum ScanSource
{
    /// <summary>Inspector's coverage and findings of the boot-test instance.</summary>
    Instance,

    /// <summary>Inspector's on-demand scan of the image, read through EC2 GetImageFindings.</summary>
    Image,
    Both,

    /// <summary>No scan: only where the operator's policy allows it; the result says so.</summary>
    None,
}

/// <summary>The vulnerability gate.</summary>
public sealed record ScanSpec
{
    public ScanSource Source { get; init; } = ScanSource.Instance;
    public BlockSpec Block { get; init; } = new();
    public IReadOnlyList<Waiver> Waivers { get; init; } = [];
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(90);

    /// <summary>Whether a scan may pass that covered the system's packages, but not those of languages.</summary>
    public bool Partial { get; init; }
}

/// <summary>Which findings block an image.</summary>
public sealed record BlockSpec
{
    /// <summary>None of this severity and above, unless <see cref="Max"/> says otherwise.</summary>
    public Cloud.Severity Severity { get; init; } = Cloud.Severity.High;

    /// <summary>How many findings of a severity an image may have.</summary>
    public IReadOnlyDictionary<Cloud.Severity, int> Max { get; init; } = new Dictionary<Cloud.Severity, int>();

    /// <summary>Only what a package update would mend counts.</summary>
    public bool FixableOnly { get; init; }

    /// <summary>How long a fix may be out before its absence counts, by severity or score.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>What has a known exploit blocks, whatever its severity and grace.</summary>
    public bool KnownExploit { get; init; }

    /// <summary>What has this EPSS or more blocks, whatever its severity and grace; null for no such rule.</summary>
    public double? Epss { get; init; }

    /// <summary>What has this Inspector score or more blocks; null for no such rule.</summary>
    public double? Score { get; init; }

    /// <summary>What somebody suppressed in Inspector does not count.</summary>
    public bool IgnoreSuppressed { get; init; }

    /// <summary>An image must not be worse than the one now in use.</summary>
    public bool NotWorse { get; init; }

    /// <summary>How a finding that nobody has rated counts. Default high.</summary>
    public Cloud.Severity Untriaged { get; init; } = Cloud.Severity.High;
}

/// <summary>An accepted finding, with a reason, a person and an end.</summary>
public sealed record Waiver
{
    public required string Vulnerability { get; init; }

    /// <summary>Only in this package; null for any.</summary>
    public string? Package { get; init; }
    public required string Reason { get; init; }
    public required string ApprovedBy { get; init; }

    /// <summary>Last day on which it holds (UTC).</summary>
    public required DateOnly Expires { get; init; }
}

/// <summary>Where a good image goes.</summary>
public sealed record PublishSpec
{
    /// <summary>SSM parameter of data type aws:ec2:image, in every Region of the bake; null for none.</summary>
    public string? Pointer { get; init; }

    /// <summary>Further Regions that get a copy.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];
    public Cloud.LaunchPermissions Share { get; init; } = new();

    /// <summary>Whether those accounts may also copy the image: they get its snapshots, too.</summary>
    public bool ShareSnapshots { get; init; }

    /// <summary>Name of a launch template in every Region of the bake that gets a version with the image, as its default; null for none.</summary>
    public string? LaunchTemplate { get; init; }

    /// <summary>KMS key of the copy by Region; the Region's default key otherwise.</summary>
    public IReadOnlyDictionary<string, string> KmsKeys { get; init; } = new Dictionary<string, string>();
    public TimeSpan? DeprecateAfter { get; init; }

    /// <summary>Whether instances of the image refuse IMDSv1 unless they are launched otherwise.</summary>
    public bool ImdsV2 { get; init; } = true;
}

/// <summary>Which predecessors stay: the newest <see cref="Keep"/>, and everything younger than <see cref="OlderThan"/>.</summary>
public sealed record RetainSpec
{
    /// <summary>1 to 1000.</summary>
    public int Keep { get; init; } = 5;
    public TimeSpan OlderThan { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What was launched within this time stays.</summary>
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>From deprecated to disabled, and from there to deregistered.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>When the recipe is rebaked without being asked.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Five cron fields.</summary>
    public required string Cron { get; init; }

    /// <summary>IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";
    public bool SkipIfUnchanged { get; init; } = true;

    /// <summary>A new base is baked at once, without waiting for the next tick.</summary>
    public bool OnBaseChange { get; init; } = true;

    /// <summary>What has been in use for so long is baked anew, changed or not.</summary>
    public TimeSpan MaxAge { get; init; } = UsualMaxAge;

    /// <summary>The same of recipes without a schedule.</summary>
    public static readonly TimeSpan UsualMaxAge = TimeSpan.FromDays(30);
}
