using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline.Booting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>The image must boot by itself and be what the recipe says: on the tester, then on every further instance type it names.</summary>
public sealed class BootTest(ICloud cloud, InventoryReader inventories, BootExam exam, TesterLaunch testers) : IStage<Tester, BootReport>
{
    private static readonly TimeSpan LaunchLimit = TimeSpan.FromMinutes(15);

    public string Name => "boot-test";

    public TimeSpan Budget(Bake bake) =>
        TimeSpan.FromMinutes(15) + ((BootExam.Budget(bake.Recipe) + LaunchLimit) * (1 + bake.Recipe.Boot.InstanceTypes.Count));

    public async Task<BootReport> RunAsync(BakeRun run, Tester tester, CancellationToken ct)
    {
        var bake = run.Bake;
        await exam.RunAsync(run, tester.Instance, ct);
        var after = await inventories.FindAsync(bake, tester.Instance, "after", ct);
        run.Changes = tester.Image.Before is { } before ? after?.ChangesSince(before) : null;
        foreach (var type in bake.Recipe.Boot.InstanceTypes.Where(type => type != tester.Instance.Type))
        {
            var trial = await testers.LaunchTrialAsync(run, tester.Image, type, ct);
            await exam.RunAsync(run, trial, ct);
            await cloud.Home.Instances.RemoveAsync(trial.Id, ct);
        }

        return new BootReport([.. bake.Recipe.Tests.Select(test => test.Name)], after);
    }
}
