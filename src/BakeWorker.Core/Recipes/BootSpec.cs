namespace BakeWorker.Core.Recipes;

/// <summary>What a booted image must do by itself.</summary>
public sealed record BootSpec
{
    /// <summary>From launch to an agent that answers and two status checks that pass.</summary>
    public TimeSpan AgentWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest the system may take from its kernel to its default target; null for no limit.</summary>
    public TimeSpan? StartupWithin { get; init; }

    /// <summary>Units that may fail.</summary>
    public IReadOnlyList<string> MayFail { get; init; } = [];

    /// <summary>Null when nobody asks who listens.</summary>
    public PortSpec? Ports { get; init; }

    /// <summary>Kernel parameters and the values they must have.</summary>
    public IReadOnlyDictionary<string, string> Sysctl { get; init; } = new Dictionary<string, string>();

    /// <summary>Keywords of sshd and the values it must show.</summary>
    public IReadOnlyDictionary<string, string> Sshd { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the instance is restarted and everything is checked again.</summary>
    public bool Reboot { get; init; }

    /// <summary>Further instance types that must boot the image and pass.</summary>
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];
}

/// <summary>Ports as in <c>tcp/22</c>: those that must listen, and those that besides may. Loopback is nobody's business.</summary>
public sealed record PortSpec(IReadOnlyList<string> Expect, IReadOnlyList<string> Allow);
