using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>One Region of a recipe as consumers see it: the recipe's images, where its pointer points, and what its launch template takes.</summary>
public sealed record PublishedPlace(IRegion Region, IReadOnlyList<Image> Images)
{
    /// <summary>The image that the pointer names; null where there is none.</summary>
    public ImageId? Pointed { get; init; }

    /// <summary>The recipe's launch template, if it has one here.</summary>
    public LaunchTemplate? Template { get; init; }

    /// <summary>The image of its default version.</summary>
    public ImageId? Launched { get; init; }

    /// <summary>Images of the recipe that consumers get here: one, or two where pointer and template differ.</summary>
    public IEnumerable<Image> Current => Images.Where(image => image.Id == Pointed || image.Id == Launched);

    public static async Task<PublishedPlace> LookAsync(IRegion region, Recipe recipe, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var publish = recipe.Publish;
        var template = publish.LaunchTemplate is { } name ? await region.Templates.FindAsync(name, ct) : null;
        return new PublishedPlace(region, images)
        {
            Pointed = publish.Pointer is { } pointer ? (await region.Pointers.FindAsync(pointer, ct))?.Image : null,
            Template = template,
            Launched = template is null
                ? null
                : (await region.Templates.FindVersionAsync(template.Name, template.DefaultVersion, ct))?.Image,
        };
    }

    public Image? ImageOf(string bake) => Images.FirstOrDefault(image => image.Tags.GetValueOrDefault(ResourceTags.BakeId) == bake);
}
