using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Skipping;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Holds recipe and findings against recipe, waivers and the operator's policy, and writes the verdict on the image.</summary>
public sealed class Judge(ICloud cloud, ImagesInUse inUse, OperatorPolicy policy, TimeProvider time) : IStage<Evidence, CapturedImage>
{
    public string Name => "judge";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(5);

    public async Task<CapturedImage> RunAsync(BakeRun run, Evidence evidence, CancellationToken ct)
    {
        var (recipe, image, now) = (run.Bake.Recipe, evidence.Image.Image, time.GetUtcNow());
        // Image and policy may be of different days: what was allowed when the builder was launched need not be now.
        if (RecipePolicy.Judge(recipe, policy, image.Region, now) is { Count: > 0 } breaches)
        {
            throw Failures.PolicyRefused(recipe.Name, breaches);
        }

        var isCompared = recipe.Scan.Block.NotWorse || policy.Findings is { NotWorse: true };
        var current = isCompared ? await FindCurrentAsync(recipe, ct) : null;
        var judgement = FindingPolicy.Judge(evidence.Scan.Findings, recipe.Scan, policy.Findings, current, now);
        run.Judgement = judgement;
        run.Note(Name, $"{judgement.Blocking.Count} blocking, {judgement.Waived.Count} waived, {judgement.Tolerated.Count} tolerated");
        if (!judgement.Passed)
        {
            throw Failures.FindingsBlocked(judgement);
        }

        var verdict = new Dictionary<string, string>
        {
            [ResourceTags.Verdict] = ResourceTags.Passed,
            [ResourceTags.Findings] = FindingCounts.Of(judgement.Unwaived, now).ToTag(),
        };
        await cloud.Home.Images.TagAsync(image.Id, verdict, ct);
        return evidence.Image with { Image = image with { Tags = verdict.Concat(image.Tags).DistinctBy(tag => tag.Key).ToDictionary() } };
    }

    private async Task<CurrentImage?> FindCurrentAsync(Recipe recipe, CancellationToken ct) =>
        await inUse.FindAsync(recipe, ct) is { } seen
            ? new CurrentImage(seen.Id, seen.Image is { } current ? FindingCounts.Find(current.Tags) : null)
            : null;
}
