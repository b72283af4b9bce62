using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Board.Cloud;

/// <summary>Recipes with their current images. Recipe files and pointers are read less often than what bakes change all the time.</summary>
internal sealed class RecipeWatch(RecipeSource source, ICloud cloud, TimeProvider time)
{
    /// <summary>Recipes that a board shows; whoever has more finds the rest by <c>bakeworker validate</c>.</summary>
    public const int Most = 200;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);
    private IReadOnlyList<(BoardRecipe Recipe, ImageId? Pointed)> _read = [];
    private long? _readAt;

    /// <summary>One at a time: its caller sees to that.</summary>
    public async Task<IReadOnlyList<BoardRecipe>> ReadAsync(IReadOnlyList<Image> images, CancellationToken ct)
    {
        if (_readAt is not { } last || time.GetElapsedTime(last) >= Age)
        {
            _read = await ReadAsync(ct);
            _readAt = time.GetTimestamp();
        }

        var byId = images.ToDictionary(image => image.Id);
        var released = images
            .Where(image => image is { IsReleased: true, IsWithdrawn: false, State: ImageState.Available })
            .ToLookup(image => image.Tags.GetValueOrDefault(ResourceTags.Recipe) ?? "");
        return
        [
            .. _read.Select(one =>
                one.Pointed is { } id ? WithImage(one.Recipe, byId.GetValueOrDefault(id), id)
                : one.Recipe.Pointer is null && Latest(released[one.Recipe.Name]) is { } latest ? WithImage(one.Recipe, latest, latest.Id)
                : one.Recipe
            ),
        ];
    }

    private async Task<IReadOnlyList<(BoardRecipe, ImageId?)>> ReadAsync(CancellationToken ct)
    {
        var read = new List<(BoardRecipe, ImageId?)>();
        foreach (var name in source.Names().Take(Most))
        {
            var reading = source.Find(name);
            read.Add(reading?.Recipe is { } recipe ? await FindAsync(recipe, ct) : (Broken(name, reading), null));
        }

        return read;
    }

    private async Task<(BoardRecipe, ImageId?)> FindAsync(Recipe recipe, CancellationToken ct)
    {
        var shown = new BoardRecipe(recipe.Name)
        {
            Owner = recipe.Owner,
            Description = Shown.Line(recipe.Description),
            Pointer = recipe.Publish.Pointer,
            Schedule = recipe.Schedule is { } schedule ? $"{schedule.Cron} {schedule.TimeZone}" : null,
        };
        try
        {
            var pointer = recipe.Publish.Pointer is { } name ? await cloud.Home.Pointers.FindAsync(name, ct) : null;
            return (shown, pointer?.Image);
        }
        catch (BakeFailedException failure)
        {
            // One pointer that may not be read must not hide the others.
            return (shown with { Trouble = Shown.Line(failure.Message) }, null);
        }
    }

    private static BoardRecipe WithImage(BoardRecipe recipe, Image? image, ImageId id)
    {
        var counts = image is null ? null : FindingCounts.Find(image.Tags);
        return recipe with
        {
            Image = id.Value,
            BakeId = image?.Tags.GetValueOrDefault(ResourceTags.BakeId),
            CreatedAt = image?.CreatedAt,
            Trouble = image is null ? "its pointer names an image that is not in this account's images of bakes" : recipe.Trouble,
            Findings = counts is null
                ? null
                : new BoardFindings(counts.At, Of(Severity.Critical), Of(Severity.High), Of(Severity.Medium), Of(Severity.Low)),
        };

        int Of(Severity severity) => counts.BySeverity.GetValueOrDefault(severity);
    }

    private static Image? Latest(IEnumerable<Image> released) =>
        released.MaxBy(image => ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt));

    private static BoardRecipe Broken(string name, RecipeReading? reading) =>
        new(name) { Trouble = Shown.Line(reading?.Errors.FirstOrDefault()?.ToString() ?? "its folder has a name that no request can use") };
}
