using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Planning;

/// <summary>Looks up in the proof of a recipe's newest image how long that one took.</summary>
public sealed class Experience(ICloud cloud, KeptDocuments documents)
{
    /// <summary>Null where there is no such image, or its proof does not tell: a bake that was resumed knows its last attempt only.</summary>
    public async Task<PlannedEffort?> FindAsync(Recipe recipe, CancellationToken ct)
    {
        try
        {
            var newest = (await cloud.Home.Images.ListAsync(recipe.Name, ct))
                .Where(image => image.IsReleased)
                .MaxBy(image => ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt));
            return
                newest is not null
                && await documents.FindAsync(recipe.Name, newest.Id, ProofDocument.Run, ct) is { } record
                && RunRecord.Read(record) is { } stages
                ? EffortOf(newest.Id, stages)
                : null;
        }
        catch (BakeFailedException)
        {
            // The rest of the plan is as good without it.
            return null;
        }
    }

    private static PlannedEffort? EffortOf(ImageId image, IReadOnlyList<StageRecord> stages)
    {
        var builder = Between(stages, "launch-builder", "capture-image");
        var tester = Between(stages, "launch-tester", "judge");
        return builder is null || tester is null
            ? null
            : new PlannedEffort(image, stages.Max(EndOf) - stages.Min(stage => stage.StartedAt), builder.Value, tester.Value);
    }

    private static TimeSpan? Between(IReadOnlyList<StageRecord> stages, string first, string last) =>
        stages.FirstOrDefault(stage => stage.Name == first) is { } begin && stages.FirstOrDefault(stage => stage.Name == last) is { } end
            ? EndOf(end) - begin.StartedAt
            : null;

    private static DateTimeOffset EndOf(StageRecord stage) => stage.StartedAt + TimeSpan.FromSeconds(stage.Seconds);
}
