using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>Which bake a rollback goes to: one whose images are good in every Region, so that all of them show the same.</summary>
public static class RollbackChoice
{
    /// <summary>
    /// The newest good bake that was released before everything which consumers get now, and from which nobody rolled back. Where the Regions
    /// differ, as after a rollback that broke off, the earliest of what they show, if it is good.
    /// </summary>
    public static string Newest(Recipe recipe, IReadOnlyList<PublishedPlace> places)
    {
        RefuseWithoutTarget(recipe);
        var current = places.SelectMany(place => place.Current).Select(BakeOf).Distinct().ToList();
        if (current.Count == 0)
        {
            throw Refused($"no pointer or launch template of {recipe.Name} names an image of it now; name the image to go to with --to.");
        }

        var order = Bakes(places).OrderByDescending(bake => ReleasedAt(places, bake)).ThenBy(bake => bake).ToList();
        var oldest = current.Max(order.IndexOf);
        var earlier = order.Skip(current.Count == 1 && IsEverywhere(places, current[0]) ? oldest + 1 : oldest).ToList();
        return earlier.Find(bake => FindTrouble(recipe, places, bake) is null && !IsWithdrawn(places, bake))
            ?? throw Refused(
                $"{recipe.Name} has no earlier image that is good in every Region"
                    + (earlier.Count == 0 ? "." : $": {string.Join(" ", earlier.Select(bake => $"{bake} {Why(recipe, places, bake)}."))}")
            );
    }

    /// <summary>The bake of an image that somebody names, who may know better which one was bad.</summary>
    public static string Named(Recipe recipe, IReadOnlyList<PublishedPlace> places, ImageId image)
    {
        RefuseWithoutTarget(recipe);
        var found = places.SelectMany(place => place.Images).FirstOrDefault(candidate => candidate.Id == image);
        if (found is null || BakeOf(found).Length == 0)
        {
            throw Refused(
                $"{image} is no image of {recipe.Name} in {string.Join(", ", places.Select(place => place.Region.Name))}: "
                    + "it was deregistered, or somebody else made it."
            );
        }

        var bake = BakeOf(found);
        return FindTrouble(recipe, places, bake) is { } trouble ? throw Refused($"{image} is of {bake}, which {trouble}.") : bake;
    }

    /// <summary>The bake that a rollback would go to; null when there is none. Retirement keeps it.</summary>
    public static string? Find(Recipe recipe, IReadOnlyList<PublishedPlace> places)
    {
        try
        {
            return Newest(recipe, places);
        }
        catch (BakeFailedException)
        {
            return null;
        }
    }

    /// <summary>Bakes that consumers get now and that are newer than the target: whoever goes forward again says nothing against the older ones.</summary>
    public static IReadOnlyList<string> Left(IReadOnlyList<PublishedPlace> places, string target) =>
        [
            .. places
                .SelectMany(place => place.Current)
                .Select(BakeOf)
                .Distinct()
                .Where(bake => ReleasedAt(places, bake) > ReleasedAt(places, target)),
        ];

    private static string Why(Recipe recipe, IReadOnlyList<PublishedPlace> places, string bake) =>
        FindTrouble(recipe, places, bake) ?? "was rolled back from";

    // What keeps a bake from being current again; null when nothing does.
    private static string? FindTrouble(Recipe recipe, IReadOnlyList<PublishedPlace> places, string bake) =>
        places
            .Select(place => place.ImageOf(bake) is { } image ? FindTrouble(image) : $"has no image in {place.Region.Name}")
            .FirstOrDefault(t => t is not null)
        ?? (places[0].ImageOf(bake)!.Tags.GetValueOrDefault(ResourceTags.Recipe) == recipe.Name ? null : "is of another recipe");

    private static string? FindTrouble(Image image) =>
        image switch
        {
            { State: ImageState.Disabled } =>
                $"is disabled in {image.Region}: EC2 launches nothing of {image.Id} until somebody enables it",
            { State: not ImageState.Available } => $"is not available in {image.Region}: {image.Id} is {image.State}",
            { HasPassed: false } => $"was never judged good in {image.Region}: {image.Id} has no verdict 'passed'",
            { IsReleased: false } => $"was never released in {image.Region}",
            _ => null,
        };

    private static IEnumerable<string> Bakes(IEnumerable<PublishedPlace> places) =>
        places.SelectMany(place => place.Images).Where(image => image.IsReleased).Select(BakeOf).Distinct();

    private static DateTimeOffset ReleasedAt(IEnumerable<PublishedPlace> places, string bake) =>
        places.Select(place => place.ImageOf(bake)).OfType<Image>().Max(image => ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt))
        ?? DateTimeOffset.MaxValue;

    private static bool IsEverywhere(IEnumerable<PublishedPlace> places, string bake) =>
        places.All(place => place.Current.Any() && place.Current.All(image => BakeOf(image) == bake));

    private static bool IsWithdrawn(IEnumerable<PublishedPlace> places, string bake) =>
        places.Any(place => place.ImageOf(bake) is { IsWithdrawn: true });

    private static string BakeOf(Image image) => image.Tags.GetValueOrDefault(ResourceTags.BakeId, "");

    private static void RefuseWithoutTarget(Recipe recipe)
    {
        if (recipe.Publish is { Pointer: null, LaunchTemplate: null })
        {
            throw Refused($"{recipe.Name} publishes neither a pointer nor a launch template, so there is nothing to move.");
        }
    }

    private static BakeFailedException Refused(string message) => new(FailureKind.Rejected, FailureCodes.RollbackRefused, message);
}
