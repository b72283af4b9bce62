using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ssm.Agents;

/// <summary>
/// The managed nodes, derived from what EC2's machines are doing whenever somebody looks: an agent registers some seconds after a boot
/// and pings every five minutes, so SSM keeps calling a lost one online for a while. Call under the gate.
/// </summary>
internal sealed class AgentRoster(LocalCloudAccount account, IMachines machines)
{
    private static readonly TimeSpan Registration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(6);
    private readonly Dictionary<(string Region, string InstanceId), Agent> _agents = [];

    /// <summary>The managed node of a running instance; null for one that never registered, stopped or is gone.</summary>
    public Agent? Find(string region, string instanceId) => machines.Find(region, instanceId) is { } machine ? See(machine) : null;

    public IReadOnlyList<Agent> List(string region) =>
        machines.List(region).Select(See).OfType<Agent>().OrderBy(agent => agent.Machine.InstanceId, StringComparer.Ordinal).ToList();

    /// <summary>Since when commands reach the machine; null when they do not.</summary>
    public DateTimeOffset? OnlineSince(Machine machine) =>
        RegisteredSince(machine) is not { } since ? null
        : machine.AgentAway is not { } away || account.Clock.Now < away.From ? since
        : account.Clock.Now >= away.Until ? Later(since, away.Until)
        : null;

    public bool IsConnectionLost(Agent agent) => account.Clock.Now - agent.LastPing > Scaled(Silence);

    private Agent? See(Machine machine)
    {
        var key = (machine.Region, machine.InstanceId);
        if (machine.IsGone)
        {
            _agents.Remove(key);
            return null;
        }

        var agent = _agents.GetValueOrDefault(key);
        if (RegisteredSince(machine) is { } registered)
        {
            agent ??= _agents[key] = new Agent(machine, registered);
            // While it is away, the last ping stays the one before it went.
            var (since, until) = OnlineSince(machine) is { } online
                ? (online, account.Clock.Now)
                : (registered, Later(registered, machine.AgentAway!.Value.From));
            agent.LastPing = since + (Math.Floor((until - since) / Scaled(PingInterval)) * Scaled(PingInterval));
        }

        return machine.IsRunning ? agent : null;
    }

    private DateTimeOffset? RegisteredSince(Machine machine)
    {
        if (machine is not { IsRunning: true, IsGone: false, HasInstanceProfile: true, BootedAt: { } booted } || !machine.Guest.HasAgent)
        {
            return null;
        }

        var since = booted + Scaled(Registration);
        return since <= account.Clock.Now ? since : null;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private TimeSpan Scaled(TimeSpan delay) => delay / account.Options.Speed;
}
