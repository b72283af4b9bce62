namespace BakeWorker.Core.Pipeline;

/// <summary>Where and how this worker bakes: what the operator decides, not the recipe.</summary>
public sealed class BakeryOptions
{
    /// <summary>This worker's name in tags, logs and results; the host name when empty.</summary>
    public string Worker { get; set; } = "";

    /// <summary>The operator's policy file; when empty, the defaults of <see cref="Policies.OperatorPolicy"/> hold. Read once, at start.</summary>
    public string Policy { get; set; } = "";

    /// <summary>Subnets of builders, in the order they are tried. A recipe may name its own.</summary>
    public IList<string> BuilderSubnets { get; set; } = [];

    /// <summary>Security groups of builders. They need no inbound rule.</summary>
    public IList<string> BuilderSecurityGroups { get; set; } = [];

    /// <summary>Subnets of boot-test instances: reach SSM, nothing else.</summary>
    public IList<string> SandboxSubnets { get; set; } = [];
    public IList<string> SandboxSecurityGroups { get; set; } = [];

    /// <summary>Name or ARN of the instance profile that lets the SSM agent register.</summary>
    public string InstanceProfile { get; set; } = "";

    /// <summary>Instance types when a recipe names none, by architecture.</summary>
    public IList<string> InstanceTypes { get; set; } = ["t3.small", "t3a.small", "t3.medium"];
    public IList<string> ArmInstanceTypes { get; set; } = ["t4g.small", "t4g.medium"];

    /// <summary>The longest a bake may take, over all attempts, from its first launch. Instances carry it as their deadline. Default 6 h.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long a pool (type, subnet, market) that had no room, or took an instance back, is not tried by any bake of this worker. Default 5 min.</summary>
    public TimeSpan PoolCooldown { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>From seal armed to power-off: long enough for the agent to report. From 0.1 s to 10 min, default 20 s.</summary>
    public TimeSpan SealDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Folder for the whole evidence of failed boot tests; empty for only what fits a result.</summary>
    public string Evidence { get; set; } = "";

    /// <summary>How builders of recipes with <c>agent: install</c> come to their SSM agent.</summary>
    public AgentPackage Agent { get; set; } = new();
}

/// <summary>What proves the origin of the SSM agent's package. Amazon Linux needs none of it: its repository is signed.</summary>
public sealed class AgentPackage
{
    /// <summary>The agent's signing key: an ASCII-armoured OpenPGP public key, from AWS's page "Verifying the signature of SSM Agent".</summary>
    public string SigningKey { get; set; } = "";

    /// <summary>SHA-256 of the package in lower-case hex, for a pinned <see cref="Version"/>.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>A version such as 3.3.2299.0, or latest.</summary>
    public string Version { get; set; } = "latest";
}
