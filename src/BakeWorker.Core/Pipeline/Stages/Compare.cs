using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Skipping;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>
/// Holds what would be baked against the image in use, the cheap parts first; a machine is asked only when nothing else changed. What cannot be
/// compared is baked.
/// </summary>
public sealed class Compare(ImagesInUse inUse, FixableFindings findings, UpdateProbe updates, TimeProvider time, ILogger<Compare> logger)
    : IStage<PinnedBase, Comparison>
{
    public string Name => "compare";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(20) + UpdateProbe.Budget(bake);

    public async Task<Comparison> RunAsync(BakeRun run, PinnedBase pinned, CancellationToken ct)
    {
        var comparison = await CompareAsync(run, pinned, ct);
        run.Comparison = comparison;
        run.Because = comparison.Text;
        run.Note(Name, comparison.Text);
        Log.Compared(logger, run.Bake.Id, comparison.Text);
        return comparison;
    }

    private async Task<Comparison> CompareAsync(BakeRun run, PinnedBase pinned, CancellationToken ct)
    {
        var recipe = run.Bake.Recipe;
        var current = await inUse.FindAsync(recipe, ct);
        if (FindObstacle(recipe, current) is { } obstacle)
        {
            return new Comparison(current?.Id, [new ComparedPart(ComparedPart.Image, PartState.Unknown, obstacle)]);
        }

        var image = current!.Image!;
        var parts = Fingerprint(run.Bake, pinned, image).Append(Age(recipe, image)).ToList();
        parts.Add(
            parts.Exists(part => part.CallsForBake)
                ? new ComparedPart(ComparedPart.Findings, PartState.NotAsked)
                : await findings.LookAsync(recipe, image, ct)
        );
        parts.Add(
            parts.Exists(part => part.CallsForBake)
                ? new ComparedPart(ComparedPart.Updates, PartState.NotAsked)
                : await updates.LookAsync(run, image, ct)
        );
        return new Comparison(image.Id, parts);
    }

    private static string? FindObstacle(Recipe recipe, ImageInUse? current) =>
        current switch
        {
            null => recipe.Publish.Pointer is { } pointer ? $"{pointer} names no image yet" : "the recipe has released no image yet",
            { Image: null } => $"{current.Id}, now in use, is not there any more, or not ours",
            { Image.State: not ImageState.Available } => $"{current.Id}, now in use, is {current.Image.State}".ToLowerInvariant(),
            { Image.IsReleased: false } => $"{current.Id}, now in use, was never released",
            _ when current.Image.Tags.GetValueOrDefault(ResourceTags.Recipe) != recipe.Name =>
                $"{current.Id}, now in use, is not of {recipe.Name}",
            _ => null,
        };

    private static IEnumerable<ComparedPart> Fingerprint(Bake bake, PinnedBase pinned, Image image) =>
        [
            Hold(ComparedPart.Base, image, ResourceTags.SourceImage, pinned.Image.Id.Value),
            Hold(ComparedPart.Recipe, image, ResourceTags.RecipeDigest, bake.Recipe.Digest),
            Hold(ComparedPart.Parameters, image, ResourceTags.Parameters, bake.ParametersDigest),
        ];

    private static ComparedPart Hold(string part, Image image, string tag, string now) =>
        image.Tags.GetValueOrDefault(tag) switch
        {
            null => new ComparedPart(part, PartState.Unknown, $"{image.Id} has no tag {tag}"),
            var then when then == now => new ComparedPart(part, PartState.Same),
            var then => new ComparedPart(part, PartState.Changed, $"{then} -> {now}"),
        };

    private ComparedPart Age(Recipe recipe, Image image)
    {
        if (ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt) is not { } born)
        {
            return new ComparedPart(ComparedPart.Age, PartState.Unknown, $"{image.Id} does not tell when it was released");
        }

        var (age, most) = (time.GetUtcNow() - born, recipe.Schedule?.MaxAge ?? ScheduleSpec.UsualMaxAge);
        return age < most
            ? new ComparedPart(ComparedPart.Age, PartState.Same)
            : new ComparedPart(
                ComparedPart.Age,
                PartState.Changed,
                $"{image.Id} is {age.TotalDays:0.#} days old, {most.TotalDays:0.#} are allowed"
            );
    }
}
