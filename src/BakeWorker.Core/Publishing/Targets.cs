using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>Where a recipe publishes.</summary>
public static class Targets
{
    /// <summary>Every Region of the recipe, in the order in which all bakes change them: home last.</summary>
    public static IReadOnlyList<IRegion> RegionsOf(this ICloud cloud, Recipe recipe) =>
        [
            .. recipe.Publish.Regions.Where(region => region != cloud.Home.Name).Distinct().Order(StringComparer.Ordinal).Select(cloud.In),
            cloud.Home,
        ];
}
