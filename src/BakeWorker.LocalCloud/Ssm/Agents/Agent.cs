using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ssm.Agents;

/// <summary>A managed node: an instance whose agent registered with SSM once.</summary>
internal sealed class Agent(Machine machine, DateTimeOffset registeredAt)
{
    public const string Version = "3.3.2746.0";

    public Machine Machine { get; } = machine;
    public DateTimeOffset RegisteredAt { get; } = registeredAt;

    /// <summary>When SSM last heard of it; stands still when the agent is gone.</summary>
    public DateTimeOffset LastPing { get; set; } = registeredAt;

    /// <summary>OSV's name of the operating system, such as <c>Debian:12</c>; null until the guest was asked.</summary>
    public string? Ecosystem { get; set; }
    public bool WasAsked { get; set; }
}
