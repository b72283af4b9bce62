using System.Globalization;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>Which of a recipe's released images have had their time.</summary>
public static class RetentionPolicy
{
    /// <summary>Beyond the newest <see cref="RetainSpec.Keep"/> and older than <see cref="RetainSpec.OlderThan"/>, oldest last.</summary>
    public static IReadOnlyList<Image> Expired(IEnumerable<Image> images, RetainSpec retain, DateTimeOffset now) =>
        images
            .Where(image => image.IsReleased)
            .OrderByDescending(ReleasedAt)
            .ThenBy(image => image.Id.Value)
            .Skip(retain.Keep)
            .Where(image => now - ReleasedAt(image) > retain.OlderThan)
            .ToList();

    // An unreadable date is treated as brand new: retention fails closed, towards keeping.
    private static DateTimeOffset ReleasedAt(Image image) =>
        DateTimeOffset.TryParse(
            image.Tags[ResourceTags.ReleasedAt],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var released
        )
            ? released
            : DateTimeOffset.MaxValue;
}
