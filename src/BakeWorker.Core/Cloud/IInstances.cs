using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Cloud;

/// <summary>What a bake launches an instance for. The wire value is the lower-case name, in tag <c>bakeworker:role</c>.</summary>
public enum InstanceRole
{
    Builder,
    Tester,

    /// <summary>Boots the image on a further instance type.</summary>
    Trial,

    /// <summary>An instance of the image in use, to ask it for pending updates.</summary>
    Probe,
}

/// <summary>EC2's instance states; a value EC2 adds later reads as <see cref="Unknown"/> and is waited through.</summary>
public enum InstanceState
{
    Unknown,
    Pending,
    Running,
    ShuttingDown,
    Terminated,
    Stopping,
    Stopped,
}

/// <summary>An instance at one moment. <paramref name="Reason"/> is EC2's StateReason code, which tells why a launch died later.</summary>
public sealed record Instance(InstanceId Id, InstanceState State)
{
    public string? Reason { get; init; }
    public string? ReasonMessage { get; init; }
    public ImageId Image { get; init; }
    public string? Type { get; init; }
    public string? Subnet { get; init; }
    public bool IsSpot { get; init; }
    public DateTimeOffset? LaunchedAt { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>AWS ended it (a broken host, no capacity after all, a spot interruption), not what runs in it.</summary>
    public bool WasTakenAway => Reason?.StartsWith("Server.", StringComparison.Ordinal) == true;

    /// <summary>It will never run again.</summary>
    public bool IsGone => State is InstanceState.Terminated or InstanceState.ShuttingDown;

    /// <summary>What a failed bake left for people to look at: no bake touches it any more.</summary>
    public bool IsKept => Tags.ContainsKey(ResourceTags.KeepUntil);

    /// <summary>It is off, or on its way there, and its own guest did that: only so does a builder look that its seal stopped.</summary>
    public bool StoppedItself =>
        State is InstanceState.Stopped or InstanceState.Stopping && Reason == StateReasons.InstanceInitiatedShutdown;

    /// <summary>A builder that its seal turned off, or is about to: nothing may run on it any more.</summary>
    public bool IsSealed => StoppedItself && Tags.ContainsKey(ResourceTags.Sealing);
}

/// <summary>The two EC2 status checks. Only <c>ok</c> on both is a pass; see EC2 DescribeInstanceStatus.</summary>
public sealed record InstanceHealth(InstanceId Id, string System, string Instance)
{
    public bool IsOk => System == "ok" && Instance == "ok";
    public bool IsImpaired => System == "impaired" || Instance == "impaired";
}

/// <summary>One place on the capacity ladder: a pool that either has room or has not.</summary>
public sealed record Rung(string InstanceType, string Subnet, Market Market)
{
    public override string ToString() => $"{InstanceType} in {Subnet} ({(Market == Market.Spot ? "spot" : "on-demand")})";
}

/// <summary>Everything a launch needs besides the bake itself.</summary>
public sealed record LaunchOrder
{
    public required InstanceRole Role { get; init; }
    public required BaseImage Image { get; init; }
    public required Rung Rung { get; init; }

    /// <summary>Counts builders of this bake that were lost; part of the client token. 0-based.</summary>
    public int Generation { get; init; }

    /// <summary>Root volume size in GiB; null keeps the image's.</summary>
    public int? RootVolumeGiB { get; init; }
    public bool Encrypted { get; init; } = true;
    public string? KmsKeyId { get; init; }
    public string? InstanceProfile { get; init; }
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>Plain text; the adapter encodes it. At most 16 KiB.</summary>
    public string? UserData { get; init; }

    /// <summary>What had changed, for whoever resumes the bake; null when nobody compared.</summary>
    public string? Because { get; init; }
}

/// <summary>The answer to a launch: an instance, or the pool's refusal (an EC2 error code such as InsufficientInstanceCapacity).</summary>
public sealed record LaunchAnswer(Instance? Instance, string? RefusalCode = null, string? RefusalMessage = null);

/// <summary>EC2 instances of bakes.</summary>
public interface IInstances
{
    /// <summary>
    /// The living instance of this bake and role, never a kept one. Siblings made by a race converge: the lowest id wins, the others are
    /// terminated.
    /// </summary>
    Task<Instance?> FindAsync(BakeId bake, InstanceRole role, CancellationToken ct);

    /// <summary>
    /// Finds, else launches on one rung. A client token makes the same order answer the same instance.
    /// A token that names a terminated instance is answered with the next generation.
    /// </summary>
    Task<LaunchAnswer> EnsureAsync(Bake bake, LaunchOrder order, CancellationToken ct);

    /// <summary>Asks EC2 whether it would launch this, and launches nothing: permission, profile, network and type are looked at, room is not.</summary>
    /// <exception cref="BakeFailedException">It would not.</exception>
    Task RehearseAsync(Bake bake, LaunchOrder order, CancellationToken ct);

    /// <summary>One batched read for the watcher. Unknown ids are left out.</summary>
    Task<IReadOnlyDictionary<InstanceId, Instance>> ReadAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct);

    /// <summary>One batched read of status checks for the watcher. Instances that do not run are left out.</summary>
    Task<IReadOnlyDictionary<InstanceId, InstanceHealth>> ReadHealthAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct);

    /// <summary>All instances that carry our tags, terminated ones included while EC2 shows them.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct);

    /// <summary>The same of one bake: every role, generation and sibling.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(BakeId bake, CancellationToken ct);

    /// <summary>The last lines of the serial console, or null when EC2 has none yet.</summary>
    Task<string?> FindConsoleAsync(InstanceId id, CancellationToken ct);

    /// <summary>The screen as a JPEG, or null when the instance does not run or has none: EC2 GetConsoleScreenshot.</summary>
    Task<byte[]?> FindScreenshotAsync(InstanceId id, CancellationToken ct);

    Task TagAsync(InstanceId id, IReadOnlyDictionary<string, string> tags, CancellationToken ct);

    /// <summary>From here on the instance stops when its guest powers off, instead of ending with all that is on it.</summary>
    Task EnsureStopsAsync(InstanceId id, CancellationToken ct);

    /// <summary>Terminates; succeeds when the instance is gone already.</summary>
    Task RemoveAsync(InstanceId id, CancellationToken ct);

    /// <summary>Terminates all of them in one call, or none when EC2 refuses it for any one of them.</summary>
    /// <exception cref="BakeFailedException">One of them is not known, or must not be ended.</exception>
    Task RemoveAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct);
}
