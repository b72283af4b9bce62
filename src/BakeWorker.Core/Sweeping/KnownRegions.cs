using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Sweeping;

/// <summary>Every Region in which a bake may have made something: home first, then those of the recipes as they are today, then those of the settings.</summary>
public sealed class KnownRegions(ICloud cloud, RecipeSource recipes, SweepOptions options)
{
    public IReadOnlyList<string> List() =>
        [
            .. RecipeCatalog
                .Load(recipes)
                .Recipes.SelectMany(recipe => recipe.Publish.Regions)
                .Concat(options.Regions)
                .Prepend(cloud.Home.Name)
                .Distinct(),
        ];
}
