using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>Which of a recipe's released images have had their time, by number and age alone. All images of a bake stay or go together.</summary>
public static class RetentionPolicy
{
    /// <summary>Every released image, newest first, with the reason why it stays; null for one that has had its time.</summary>
    public static IReadOnlyList<(Image Image, string? Keep)> Judge(IEnumerable<Image> images, RetainSpec retain, DateTimeOffset now)
    {
        var bakes = images
            .Where(image => image.IsReleased)
            .GroupBy(image => image.Tags.GetValueOrDefault(ResourceTags.BakeId, image.Id.Value))
            .OrderByDescending(bake => ReleasedAt(bake))
            .ThenBy(bake => bake.Key)
            .ToList();
        var newest = bakes.Where(IsGood).Take(retain.Keep).Select(bake => bake.Key).ToHashSet();
        return
        [
            .. bakes.SelectMany(bake =>
                bake.OrderBy(image => image.Region, StringComparer.Ordinal)
                    .Select(image => (image, newest.Contains(bake.Key) ? Newest(retain) : FindYouth(ReleasedAt(bake), retain, now)))
            ),
        ];
    }

    // What somebody rolled back from, or cannot be launched, is none of the good ones that shall be kept.
    private static bool IsGood(IEnumerable<Image> bake) =>
        bake.All(image => image is { HasPassed: true, IsWithdrawn: false, State: ImageState.Available });

    private static string Newest(RetainSpec retain) =>
        retain.Keep == 1 ? "is the newest good one" : $"is one of the {retain.Keep} newest good ones";

    private static string? FindYouth(DateTimeOffset released, RetainSpec retain, DateTimeOffset now) =>
        released == DateTimeOffset.MaxValue ? "was released at a time that cannot be read"
        : released + retain.OlderThan >= now
            ? $"was released on {released:yyyy-MM-dd}, and stays until {released + retain.OlderThan:yyyy-MM-dd}"
        : null;

    // A date that cannot be read counts as brand new: retention fails closed, towards keeping.
    private static DateTimeOffset ReleasedAt(IEnumerable<Image> bake) =>
        bake.Max(image => ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt) ?? DateTimeOffset.MaxValue);
}
