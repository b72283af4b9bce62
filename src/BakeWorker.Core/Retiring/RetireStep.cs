using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Retiring;

/// <summary>The way out of an image that nobody needs: deprecated, then disabled, then deregistered with its snapshots, with a pause before each next step.</summary>
public sealed class RetireStep(TimeProvider time)
{
    /// <summary>What comes next, or why it has to wait.</summary>
    public RetireDecision Next(Image image, RetainSpec retain)
    {
        var now = time.GetUtcNow();
        return image.State switch
        {
            ImageState.Available when image.DeprecatedAt is not { } deprecated || deprecated > now => new(
                image,
                RetireAction.Deprecate,
                "nobody needs it"
            ),
            ImageState.Available => After(image, RetireAction.Disable, "deprecated", image.DeprecatedAt!.Value, retain, now),
            ImageState.Disabled when ResourceTags.FindTime(image.Tags, ResourceTags.DisabledAt) is { } disabled => After(
                image,
                RetireAction.Deregister,
                "disabled",
                disabled,
                retain,
                now
            ),
            // Somebody else's doing: EC2 does not tell when, so its pause begins now.
            ImageState.Disabled => new(image, RetireAction.Disable, "was disabled by hand, nobody knows when; its pause begins now"),
            _ => new(image, RetireAction.Keep, $"is {image.State.ToString().ToLowerInvariant()}"),
        };
    }

    public async Task TakeAsync(PublishedPlace place, RetireDecision decision, CancellationToken ct)
    {
        var (images, image) = (place.Region.Images, decision.Image);
        switch (decision.Action)
        {
            case RetireAction.Deprecate:
                // EC2 rounds to the minute and refuses the past.
                await images.EnsureDeprecationAsync(image.Id, time.GetUtcNow() + TimeSpan.FromMinutes(2), ct);
                break;
            case RetireAction.Disable:
                foreach (var version in await ImageNeeds.ListOldVersionsAsync(place, image, ct))
                {
                    await place.Region.Templates.RemoveVersionAsync(place.Template!.Name, version.Number, ct);
                }

                var since = new Dictionary<string, string> { [ResourceTags.DisabledAt] = ResourceTags.Time(time.GetUtcNow()) };
                await images.TagAsync(image.Id, since, ct);
                await images.EnsureDisabledAsync(image.Id, ct);
                break;
            case RetireAction.Deregister:
                await images.RemoveAsync(image, ct);
                break;
            default:
                break;
        }
    }

    private static RetireDecision After(
        Image image,
        RetireAction action,
        string state,
        DateTimeOffset since,
        RetainSpec retain,
        DateTimeOffset now
    ) =>
        since + retain.Pause <= now
            ? new(image, action, $"nobody needs it, and it is {state} since {since:yyyy-MM-dd}")
            : new(
                image,
                RetireAction.Keep,
                $"is {state} since {since:yyyy-MM-dd}; the next step comes on {since + retain.Pause:yyyy-MM-dd}"
            );
}
