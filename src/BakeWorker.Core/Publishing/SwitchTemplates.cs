using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>The default version of the recipe's launch template: what launches take that name none.</summary>
public sealed class SwitchTemplates(ICloud cloud) : IPublishStep
{
    // The version is checked where it is added.
    public Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct) => Task.CompletedTask;

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        if (run.Bake.Recipe.Publish.LaunchTemplate is not { } name)
        {
            return;
        }

        foreach (var image in images)
        {
            var version =
                await cloud.In(image.Region).Templates.FindVersionAsync(name, image.Id, ct)
                ?? throw Failures.PublishFailed($"the version of launch template {name} with {image.Id}", image.Region, "absent");
            await SetAsync(image.Region, name, version.Number, ct);
            run.Note("publish", $"{name} in {image.Region} -> version {version.Number}");
        }

        await ExpectOneAsync(name, images, ct);
    }

    public async Task UndoAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        var templates = cloud.In(image.Region).Templates;
        if (
            recipe.Publish.LaunchTemplate is not { } name
            || await templates.FindAsync(name, ct) is not { } template
            || await templates.FindVersionAsync(name, image.Id, ct) is not { } ours
            || template.DefaultVersion != ours.Number
        )
        {
            return;
        }

        if (
            TemplateMemory.Parse(ours.Description) is { } memory
            && await templates.FindVersionAsync(name, memory.DefaultBefore, ct) is not null
        )
        {
            await SetAsync(image.Region, name, memory.DefaultBefore, ct);
        }
        else
        {
            throw Failures.PublishFailed(
                $"launch template {name}, whose default version before is not known any more,",
                image.Region,
                $"{image.Id}"
            );
        }
    }

    /// <summary>Makes a version the default, and believes what EC2 shows.</summary>
    public async Task SetAsync(string region, string name, long version, CancellationToken ct)
    {
        var seen = await cloud.In(region).Templates.EnsureDefaultAsync(name, version, ct);
        if (seen != version)
        {
            throw Failures.PublishFailed($"the default version of launch template {name}", region, $"{seen}");
        }
    }

    // As with pointers: two bakes that switched the Regions in turns both see that, and each begins again.
    private async Task ExpectOneAsync(string name, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var ours = 0;
        foreach (var image in images.Count > 1 ? images : [])
        {
            var templates = cloud.In(image.Region).Templates;
            var version = (await templates.FindAsync(name, ct))?.DefaultVersion ?? 0;
            ours += (await templates.FindVersionAsync(name, version, ct))?.Image == image.Id ? 1 : 0;
        }

        if (images.Count > 1 && ours > 0 && ours < images.Count)
        {
            throw Failures.PublishContended($"launch template {name}");
        }
    }
}
