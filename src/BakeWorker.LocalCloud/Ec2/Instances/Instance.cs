using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>What one RunInstances call made.</summary>
internal sealed record Reservation(string Id);

/// <summary>A console as it stood at one moment.</summary>
internal sealed record ConsoleText(string Text, DateTimeOffset At);

/// <summary>An instance: what it was launched with, and how it fares.</summary>
internal sealed class Instance(string id, Reservation reservation, LaunchRequest launch, Machine machine, NetworkInterface card)
    : Resource(id, "instance")
{
    public Reservation Reservation { get; } = reservation;
    public LaunchRequest Launch { get; } = launch;
    public Machine Machine { get; } = machine;
    public NetworkInterface Card { get; } = card;
    public required GuestLane Lane { get; init; }
    public required int LaunchIndex { get; init; }
    public required string? SpotRequestId { get; init; }
    public List<Volume> Volumes { get; } = [];
    public Image Image => Launch.Image;
    public Subnet Subnet => Launch.Subnet;

    public InstanceState State { get; private set; } = InstanceState.Pending;
    public StateReason? Reason { get; set; } = StateReason.Pending;

    /// <summary>Such as <c>User initiated (2026-01-31 12:00:00 GMT)</c>.</summary>
    public string Transition { get; set; } = "";
    public DateTimeOffset LaunchedAt { get; set; }
    public string? PublicIp { get; set; }
    public bool HasPassedChecks { get; set; }
    public bool IsUnreachable { get; set; }

    public MetadataOptions Metadata { get; set; } = launch.Metadata;
    public string ShutdownBehavior { get; set; } = launch.ShutdownBehavior;
    public string UserData { get; set; } = launch.UserData;
    public string InstanceType { get; set; } = launch.Type.Name;
    public bool IsTerminationDisabled { get; set; } = launch.IsTerminationDisabled;
    public bool IsStopDisabled { get; set; }

    /// <summary>Nothing takes its place any more when it ends.</summary>
    public bool IsSpotRequestCancelled { get; set; }

    /// <summary>The console's text, once the guest that wrote it is gone.</summary>
    public ConsoleText? LastConsole { get; set; }

    public bool IsGone => State is InstanceState.ShuttingDown or InstanceState.Terminated;
    public string PublicDns => PublicIp is { } ip ? $"ec2-{ip.Replace('.', '-')}.{Subnet.Zone.Region}.compute.amazonaws.com" : "";

    public Volume? RootVolume => Volumes.Find(volume => volume.Device.Name == Image.RootDevice);

    /// <summary>Enters a state; the other services see it at once.</summary>
    public void Enter(InstanceState state)
    {
        State = state;
        Machine.IsRunning = state == InstanceState.Running;
        Machine.IsGone = IsGone;
        if (state != InstanceState.Running)
        {
            Machine.BootedAt = null;
            (HasPassedChecks, IsUnreachable) = (false, false);
        }
    }

    public override void OnTagged() => Machine.Tags = Tags;
}
