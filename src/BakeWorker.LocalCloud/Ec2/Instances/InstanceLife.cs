using System.Globalization;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>What happens to instances, by request or by themselves, and how long it takes. Runs under the gate.</summary>
internal sealed class InstanceLife(Ec2Region region)
{
    private static readonly TimeSpan ToRunning = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ToStopped = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToTerminated = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToChecksPassed = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ToChecksFailed = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ToSpotAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShownAfterEnd = TimeSpan.FromHours(1);

    private readonly InstanceFactory _factory = new(region);

    private LocalCloudAccount Account => region.State.Account;
    private CloudClock Clock => Account.Clock;

    public List<Instance> Launch(LaunchRequest request)
    {
        var instances = _factory.Make(request);
        foreach (var instance in instances)
        {
            instance.Machine.Guest.PoweredOff += (_, _) => OnPoweredOff(instance);
            BeginRunning(instance);
        }

        return instances;
    }

    public void Start(Instance instance)
    {
        instance.Enter(InstanceState.Pending);
        (instance.Reason, instance.Transition, instance.LaunchedAt) = (StateReason.Pending, "", Clock.Now);
        BeginRunning(instance);
    }

    public void Stop(Instance instance) => Stop(instance, StateReason.UserInitiated, "User initiated");

    public void Reboot(Instance instance)
    {
        region.ImageLife.OnDisturbed(instance);
        (instance.Machine.BootedAt, instance.HasPassedChecks) = (null, false);
        WatchChecks(instance);
        instance.Lane.Do(instance.Machine.Guest.RebootAsync, () => Booted(instance), failed: _ => { }, isBoot: true);
    }

    public void Terminate(Instance instance) => Terminate(instance, StateReason.UserInitiated, "User initiated");

    /// <summary>Starts the guest of a running instance, after a capture that needed it off.</summary>
    public void BootAgain(Instance instance) =>
        instance.Lane.Do(instance.Machine.Guest.BootAsync, () => Booted(instance), failed: _ => { }, isBoot: true);

    private void BeginRunning(Instance instance) =>
        Clock.After(
            Account.Jitter(ToRunning),
            () =>
            {
                if (instance.State == InstanceState.Pending)
                {
                    Run(instance);
                }
            }
        );

    private void Run(Instance instance)
    {
        if (instance.Launch.Devices.Any(device => !IsReadable(device)))
        {
            Die(instance, StateReason.ClientError);
        }
        else if (FindFault(FaultKind.LaunchDied, instance) is { } death)
        {
            Die(instance, StateReason.Of(death.Code, death.Message));
        }
        else
        {
            instance.Enter(InstanceState.Running);
            instance.Reason = null;
            instance.Lane.Do(instance.Machine.Guest.BootAsync, () => Booted(instance), e => OnBootFailed(instance, e), isBoot: true);
            WatchChecks(instance);
            if (instance.Launch.IsSpot && FindFault(FaultKind.SpotInterrupted, instance) is { } interruption)
            {
                Clock.After(interruption.After, () => Interrupt(instance));
            }
        }
    }

    private StateFault? FindFault(FaultKind kind, Instance instance) =>
        Account.Faults.Find(kind, new(region.Name, "instance", instance.Id) { Pool = instance.Launch.Pool });

    /// <summary>EC2 takes a spot instance back: it stops those of a persistent request, which may run again, and terminates the others.</summary>
    private void Interrupt(Instance instance)
    {
        if (instance.State != InstanceState.Running)
        {
            return;
        }

        if (instance.Launch.IsPersistentSpot)
        {
            Stop(instance, StateReason.SpotStop, "Server.SpotInstanceShutdown");
        }
        else
        {
            Terminate(instance, StateReason.SpotTermination, "Server.SpotInstanceTermination");
        }
    }

    private void WatchChecks(Instance instance) =>
        Clock.After(ToChecksFailed, () => instance.IsUnreachable = instance is { State: InstanceState.Running, Machine.BootedAt: null });

    /// <summary>EC2 finds out only now that a disk's key cannot be used.</summary>
    private bool IsReadable(Disks.BlockDevice device) => device.KmsKeyId is not { } key || Account.Keys.IsUsableForDisk(region.Name, key);

    private void Booted(Instance instance)
    {
        if (instance.State != InstanceState.Running)
        {
            return;
        }

        var bootedAt = Clock.Now;
        instance.Machine.BootedAt = bootedAt;
        instance.IsUnreachable = false;
        var loss = FindFault(FaultKind.AgentLost, instance);
        instance.Machine.AgentAway = loss is null ? null : (bootedAt + loss.After, bootedAt + loss.After + loss.For);
        Clock.After(Account.Jitter(ToChecksPassed), () => instance.HasPassedChecks |= instance.Machine.BootedAt == bootedAt);
    }

    private void OnBootFailed(Instance instance, Exception failure)
    {
        // A boot that was cut short by a stop, a power-off or a reboot did not fail. One that got stuck in the guest is none of EC2's
        // business either: the instance keeps running, and its status check says the rest.
        if (instance.State == InstanceState.Running && failure is not (OperationCanceledException or GuestBootException))
        {
            Die(instance, StateReason.ServerError);
        }
    }

    private void OnPoweredOff(Instance instance)
    {
        lock (Account.Gate)
        {
            if (instance.State != InstanceState.Running)
            {
                return;
            }

            if (instance.ShutdownBehavior == "terminate")
            {
                Terminate(instance, StateReason.InstanceInitiated, "Instance initiated");
            }
            else
            {
                Stop(instance, StateReason.InstanceInitiated, "Instance initiated");
            }
        }
    }

    private void Stop(Instance instance, StateReason reason, string by)
    {
        Leave(instance, InstanceState.Stopping, reason, by);
        instance.Lane.CancelBoots();
        instance.Lane.Do(instance.Machine.Guest.PowerOffAsync, () => Stopped(instance), _ => Stopped(instance));
    }

    private void Stopped(Instance instance) =>
        Clock.After(
            Account.Jitter(ToStopped),
            () =>
            {
                if (instance.State == InstanceState.Stopping)
                {
                    instance.Enter(InstanceState.Stopped);
                    instance.PublicIp = null;
                }
            }
        );

    private void Die(Instance instance, StateReason reason) => Terminate(instance, reason, "Server initiated");

    private void Terminate(Instance instance, StateReason reason, string by)
    {
        Leave(instance, InstanceState.ShuttingDown, reason, by);
        region.ImageLife.OnDisturbed(instance);
        instance.Lane.CancelAll();
        instance.Lane.Do(ct => EndGuestAsync(instance, ct), () => Ended(instance), _ => Ended(instance));
    }

    private async Task EndGuestAsync(Instance instance, CancellationToken ct)
    {
        var guest = instance.Machine.Guest;
        try
        {
            await guest.PowerOffAsync(ct);
        }
        finally
        {
            instance.LastConsole = new(await guest.ReadConsoleAsync(ct), Clock.Now);
            await guest.DisposeAsync();
        }
    }

    private void Ended(Instance instance) =>
        Clock.After(
            Account.Jitter(ToTerminated),
            () =>
            {
                instance.Enter(InstanceState.Terminated);
                _factory.TakeApart(instance);
                Clock.After(ShownAfterEnd, () => region.Instances.Remove(instance));
                if (instance.Launch.IsPersistentSpot)
                {
                    Clock.After(ToSpotAgain, () => LaunchAgain(instance));
                }
            }
        );

    /// <summary>A persistent Spot request is open again as soon as its instance is terminated, whoever did that.</summary>
    private void LaunchAgain(Instance instance)
    {
        var launch = instance.Launch;
        if (!instance.IsSpotRequestCancelled && !(launch.SpotValidUntil <= Clock.Now) && region.Images.Contains(launch.Image))
        {
            Launch(launch with { MinCount = 1, MaxCount = 1, SpotRequestId = instance.SpotRequestId });
        }
    }

    private void Leave(Instance instance, InstanceState state, StateReason reason, string by)
    {
        instance.Enter(state);
        instance.Reason = reason;
        instance.Transition = $"{by} ({Clock.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} GMT)";
    }
}
