using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>A version of the recipe's launch template that launches the image: the default version as it is, with another image.</summary>
public sealed class AddTemplateVersions(ICloud cloud) : IPublishStep
{
    public async Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct)
    {
        if (recipe.Publish.LaunchTemplate is not { } name)
        {
            return;
        }

        foreach (var region in cloud.RegionsOf(recipe))
        {
            var template = await region.Templates.FindAsync(name, ct);
            if (template is null)
            {
                obstacles.Add(region.Name, $"there is no launch template {name}", "create it there, or remove publish.launchTemplate");
            }
            else if (template.LatestVersion >= ILaunchTemplates.MostVersions)
            {
                obstacles.Add(
                    region.Name,
                    $"launch template {name} has come to version {template.LatestVersion}, and EC2 allows {ILaunchTemplates.MostVersions}",
                    "delete old versions and ask for a higher quota, or begin another template"
                );
            }
        }
    }

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var round = images[^1].Tags.GetValueOrDefault(ResourceTags.Publishing, "");
        foreach (var image in run.Bake.Recipe.Publish.LaunchTemplate is null ? [] : images)
        {
            await EnsureAsync(run.Bake.Recipe, image, $"{run.Bake.Id}", round, ct);
        }
    }

    public async Task UndoAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        var templates = cloud.In(image.Region).Templates;
        if (recipe.Publish.LaunchTemplate is { } name && await templates.FindAsync(name, ct) is not null)
        {
            foreach (var version in await templates.ListVersionsAsync(name, image.Id, ct))
            {
                await templates.RemoveVersionAsync(name, version.Number, ct);
            }
        }
    }

    /// <summary>The version with this image, made now if there is none. It remembers which version was the default then.</summary>
    public async Task<TemplateVersion> EnsureAsync(Recipe recipe, Image image, string whose, string round, CancellationToken ct)
    {
        var (name, templates) = (recipe.Publish.LaunchTemplate!, cloud.In(image.Region).Templates);
        if (await templates.FindVersionAsync(name, image.Id, ct) is { } found)
        {
            return found;
        }

        var template =
            await templates.FindAsync(name, ct) ?? throw Failures.PublishFailed($"launch template {name}", image.Region, "absent");
        var order = new TemplateOrder(name, image.Id)
        {
            Source = template.DefaultVersion,
            Round = round,
            Description = new TemplateMemory(whose, template.DefaultVersion).ToString(),
        };
        var made = await templates.EnsureVersionAsync(order, ct);
        return made.Image == image.Id
            ? made
            : throw Failures.PublishFailed($"version {made.Number} of launch template {name}", image.Region, $"{made.Image}");
    }
}
