using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Waiting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Makes the image usable, in order: permissions, read back, pointers, read back, and last of all <c>released-at</c>. Home comes last.</summary>
public sealed class Publish(
    ICloud cloud,
    Watchers watchers,
    PointerTurns turns,
    LastCall lastCall,
    TimeProvider time,
    ILogger<Publish> logger
) : IStage<PassedImage, PublishedImage>
{
    public string Name => "publish";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(30);

    public async Task<PublishedImage> RunAsync(BakeRun run, PassedImage passed, CancellationToken ct)
    {
        var (bake, home) = (run.Bake, passed.Image.Image);
        await lastCall.MakeAsync(run, home, ct);
        IReadOnlyList<Image> images = [.. passed.Copies.Images, home];
        foreach (var image in images)
        {
            await ShareAsync(bake, image, ct);
        }

        // Another attempt may have released it long ago, and a newer bake may have moved the pointer on since.
        if (bake.Recipe.Publish.Pointer is { } pointer && await cloud.Home.Images.FindAsync(bake.Id, ct) is not { IsReleased: true })
        {
            foreach (var image in images)
            {
                await turns.TakeAsync($"{image.Region}{pointer}", () => PointAsync(pointer, image, ct), ct);
                run.Note(Name, $"{pointer} in {image.Region} -> {image.Id}");
            }
        }

        foreach (var image in images)
        {
            await ReleaseAsync(bake, image, ct);
        }

        return new PublishedImage(images.ToDictionary(image => image.Region, image => image.Id), bake.Recipe.Publish.Pointer);
    }

    private async Task ShareAsync(Bake bake, Image image, CancellationToken ct)
    {
        var (region, publish) = (cloud.In(image.Region), bake.Recipe.Publish);
        if (!image.HasPassed)
        {
            await region.Images.TagAsync(image.Id, new Dictionary<string, string> { [ResourceTags.Verdict] = ResourceTags.Passed }, ct);
        }

        if (publish.DeprecateAfter is { } after)
        {
            await region.Images.EnsureDeprecationAsync(image.Id, (image.CreatedAt ?? time.GetUtcNow()) + after, ct);
        }

        if (publish.Share.IsEmpty)
        {
            return;
        }

        var granted = await region.Images.EnsurePermissionsAsync(image.Id, publish.Share, ct);
        var missing = publish
            .Share.Accounts.Except(granted.Accounts)
            .Concat(publish.Share.OrganizationArns.Except(granted.OrganizationArns))
            .Concat(publish.Share.OrganizationalUnitArns.Except(granted.OrganizationalUnitArns))
            .ToList();
        if (missing.Count > 0)
        {
            throw Failures.PublishFailed($"the launch permission of {image.Id} for {string.Join(", ", missing)}", image.Region, "absent");
        }
    }

    private async Task PointAsync(string pointer, Image image, CancellationToken ct)
    {
        var version = await cloud.In(image.Region).Pointers.EnsureAsync(pointer, image.Id, ct);

        var written = time.GetUtcNow();

        // The write is validated after it was answered, so only what is read counts: our image, or that of a bake which published after us.
        var pointers = watchers.In(image.Region).Pointers;
        if (
            !await Within.TryAsync(
                TimeSpan.FromMinutes(5),
                time,
                token =>
                    pointers.WaitAsync(
                        pointer,
                        new Begun("pointer", written),
                        seen => seen.Image == image.Id || seen.Version > version,
                        token
                    ),
                ct
            )
        )
        {
            var seen = await cloud.In(image.Region).Pointers.FindAsync(pointer, ct);
            throw Failures.PublishFailed($"parameter {pointer}", image.Region, seen?.Image.Value ?? "absent");
        }
    }

    private async Task ReleaseAsync(Bake bake, Image image, CancellationToken ct)
    {
        if (!image.IsReleased)
        {
            var tags = new Dictionary<string, string> { [ResourceTags.ReleasedAt] = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}" };
            await cloud.In(image.Region).Images.TagAsync(image.Id, tags, ct);
        }

        Log.Published(logger, bake.Id, image.Id, image.Region);
    }
}
