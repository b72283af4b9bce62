using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline.Booting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Launches an instance of the image in the sandbox subnet; boot test and scan share it.</summary>
public sealed class LaunchTester(TesterLaunch testers) : IStage<CapturedImage, Tester>
{
    public string Name => "launch-tester";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<Tester> RunAsync(BakeRun run, CapturedImage image, CancellationToken ct) =>
        new(await testers.LaunchAsync(run, image, ct), image);
}
