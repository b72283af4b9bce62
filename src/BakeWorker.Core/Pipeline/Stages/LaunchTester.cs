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
        if (instance.State == InstanceState.Running)
        {
            return new Tester(instance, image);
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
