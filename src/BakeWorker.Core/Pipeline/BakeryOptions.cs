namespace BakeWorker.Core.Pipeline;

/// <summary>Where and how this worker bakes: what the operator decides, not the recipe.</summary>
public sealed class BakeryOptions
{
    /// <summary>This worker's name in tags, logs and results; the host name when empty.</summary>
    public string Worker { get; set; } = "";

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

    /// <summary>From seal armed to power-off, seconds: long enough for the agent to report. Default 20.</summary>
    public int SealDelaySeconds { get; set; } = 20;
}
