using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Holds the findings against policy and waivers, and writes the verdict on the image.</summary>
public sealed class Judge(ICloud cloud, TimeProvider time) : IStage<Evidence, CapturedImage>
{
    public string Name => "judge";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(5);

    public async Task<CapturedImage> RunAsync(BakeRun run, Evidence evidence, CancellationToken ct)
    {
        var recipe = run.Bake.Recipe;
        var judgement = FindingPolicy.Judge(evidence.Scan.Findings, recipe.Scan, time.GetUtcNow());
        run.Judgement = judgement;
        run.Note(Name, $"{judgement.Blocking.Count} blocking, {judgement.Waived.Count} waived, {judgement.Tolerated.Count} tolerated");
        if (!judgement.Passed)
        {
            throw Failures.FindingsBlocked(judgement, recipe.Scan.Block);
        }

        var image = evidence.Image.Image;
        var verdict = new Dictionary<string, string> { [ResourceTags.Verdict] = ResourceTags.Passed };
        await cloud.Home.Images.TagAsync(image.Id, verdict, ct);
        return evidence.Image with { Image = image with { Tags = image.Tags.Concat(verdict).DistinctBy(tag => tag.Key).ToDictionary() } };
    }
}
