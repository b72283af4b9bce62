using BakeWorker.Core.Bakes;
using BakeWorker.Core.Retiring;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Takes predecessors that have had their time one step further out of use. It never fails a bake: its own image is out.</summary>
public sealed class Retire(Retirement retirement, ILogger<Retire> logger) : IStage<PublishedImage, PublishedImage>
{
    public string Name => "retire";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<PublishedImage> RunAsync(BakeRun run, PublishedImage published, CancellationToken ct)
    {
        var report = await retirement.RunAsync(run.Bake.Recipe, apply: true, ct);
        foreach (var problem in report.Problems)
        {
            Log.RetireFailed(logger, run.Bake.Id, problem);
        }

        return published;
    }
}
