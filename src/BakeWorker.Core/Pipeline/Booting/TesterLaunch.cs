using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>Launches instances of images: of a captured one in the sandbox subnets, of the one in use beside builders.</summary>
public sealed class TesterLaunch(ICloud cloud, CapacityLadder ladder)
{
    /// <summary>The bake's tester, on the recipe's first type that has room.</summary>
    public Task<Instance> LaunchAsync(BakeRun run, CapturedImage image, CancellationToken ct) =>
        LaunchAsync(run, InstanceRole.Tester, image, null, ct);

    /// <summary>An instance of one certain type, for the time of an exam. There is never more than one.</summary>
    public async Task<Instance> LaunchTrialAsync(BakeRun run, CapturedImage image, string type, CancellationToken ct)
    {
        // An attempt that broke off may have left one of another type.
        if (await cloud.Home.Instances.FindAsync(run.Bake.Id, InstanceRole.Trial, ct) is { } other && other.Type != type)
        {
            await cloud.Home.Instances.RemoveAsync(other.Id, ct);
        }

        return await LaunchAsync(run, InstanceRole.Trial, image, type, ct);
    }

    /// <summary>An instance of the image in use, in the network of builders.</summary>
    public Task<Instance> LaunchProbeAsync(BakeRun run, Image image, CancellationToken ct) =>
        LaunchAsync(run, InstanceRole.Probe, new CapturedImage(image, null), null, ct);

    private async Task<Instance> LaunchAsync(BakeRun run, InstanceRole role, CapturedImage image, string? type, CancellationToken ct)
    {
        var instance = await ladder.LaunchAsync(run, role, Launchable(run.Bake, image.Image), type, ct);
        if (instance.State == InstanceState.Running)
        {
            return instance;
        }

        // What an image does to itself speaks against it; what ends its instance from outside does not.
        throw instance.Reason == StateReasons.InstanceInitiatedShutdown
            ? Failures.BootFailed(
                instance.Id,
                $"became {instance.State} ({instance.Reason}) instead of running",
                await cloud.Home.Instances.FindConsoleAsync(instance.Id, ct)
            )
            : Failures.LaunchDied("tester", instance);
    }

    private static BaseImage Launchable(Bake bake, Image image) =>
        new(image.Id)
        {
            Name = image.Name,
            OwnerId = "self",
            Architecture = bake.Recipe.Architecture,
            State = "available",
            RootDeviceName = image.RootDeviceName,
            RootDeviceType = "ebs",
        };
}
