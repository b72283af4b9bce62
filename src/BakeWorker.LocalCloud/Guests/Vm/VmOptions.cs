using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>How large virtual machines are, how many run at once, and what they reach.</summary>
public sealed record VmOptions : GuestHostOptions
{
    /// <summary>Memory of each machine in MiB.</summary>
    public int MemoryMiB { get; init; } = 1024;

    /// <summary>Virtual processors of each machine.</summary>
    public int Processors { get; init; } = 2;

    /// <summary>So many run at once; others wait for one to be switched off.</summary>
    public int MaxRunning { get; init; } = 4;

    /// <summary>
    /// Names of hosts, with <c>*</c> for any part, that machines with a route to the internet reach by HTTP and HTTPS besides package mirrors.
    /// </summary>
    public IReadOnlyList<string> Reach { get; init; } = [];

    /// <summary>A machine whose agent has not answered by then never will.</summary>
    public TimeSpan BootLimit { get; init; } = TimeSpan.FromMinutes(5);
}
