using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Launches an instance of the image in the sandbox subnet; boot test and scan share it.</summary>
public sealed class LaunchTester(ICloud cloud, CapacityLadder ladder) : IStage<CapturedImage, Tester>
{
    public string Name => "launch-tester";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<Tester> RunAsync(BakeRun run, CapturedImage image, CancellationToken ct)
    {
        var instance = await ladder.LaunchAsync(run, InstanceRole.Tester, Launchable(run.Bake, image.Image), ct);
        // What an image does to itself speaks against it; what ends its instance from outside does not.
        if (instance.IsGone && instance.Reason != StateReasons.InstanceInitiatedShutdown)
        {
            throw Failures.LaunchDied("tester", instance);
        }

        return instance.State == InstanceState.Running
            ? new Tester(instance, image)
            : throw Failures.BootFailed(
                instance.Id,
                $"became {instance.State} ({instance.Reason ?? "no reason given"}) instead of running",
                await cloud.Home.Instances.FindConsoleAsync(instance.Id, ct)
            );
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
