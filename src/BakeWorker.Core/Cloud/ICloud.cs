namespace BakeWorker.Core.Cloud;

/// <summary>The account the bakery works in. Every call may throw <see cref="Bakes.BakeFailedException"/>, already classified.</summary>
public interface ICloud
{
    /// <summary>The Region in which bakes are built.</summary>
    IRegion Home { get; }

    /// <summary>Another Region of the same account, for copies and pointers.</summary>
    IRegion In(string region);

    /// <summary>The twelve-digit account id of the caller (STS GetCallerIdentity).</summary>
    Task<string> FindAccountAsync(CancellationToken ct);
}

/// <summary>One Region of the account, as the bakery sees it.</summary>
public interface IRegion
{
    string Name { get; }
    IInstances Instances { get; }
    IAgents Agents { get; }
    ICommands Commands { get; }
    IImages Images { get; }
    ISnapshots Snapshots { get; }
    IScans Scans { get; }
    IPointers Pointers { get; }
    ITickBook Ticks { get; }
    ILaunchTemplates Templates { get; }
    IKeys Keys { get; }
    IImageUsage Usage { get; }
    IRegionSettings Settings { get; }
    INetworks Networks { get; }
}
