using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes;

/// <summary>All recipes of a folder at one moment, with everything that is wrong with any of them.</summary>
public sealed record RecipeCatalog(IReadOnlyList<Recipe> Recipes, IReadOnlyList<Problem> Problems)
{
    /// <summary>Each recipe with what was found in reading it, the wrong ones too.</summary>
    public IReadOnlyList<RecipeReading> Readings { get; init; } = [];

    public bool HasErrors => Problems.Any(p => !p.IsWarning);

    public static RecipeCatalog Load(RecipeSource source)
    {
        var readings = source.Names().Select(n => (Name: n, Reading: source.Find(n) ?? Misnamed(source, n))).ToList();
        var recipes = readings.Select(r => r.Reading.Recipe).OfType<Recipe>().ToList();
        return new RecipeCatalog(
            recipes,
            [.. readings.SelectMany(r => r.Reading.Problems).Concat(SharedPointers(source, recipes)).Distinct()]
        )
        {
            Readings = [.. readings.Select(r => r.Reading)],
        };
    }

    public Recipe? Find(string name) => Recipes.FirstOrDefault(r => r.Name == name);

    private static RecipeReading Misnamed(RecipeSource source, string name)
    {
        var reading = RecipeLoader.Load(RecipePlace.InCatalog(source.Folder, name), DateOnly.MinValue);
        var problem = new Problem(
            FileOf(source, name),
            Place.Start,
            $"the folder is called {Shown.Value(name)}, by which no request can name it; write {Fields.Words.RecipeName.Range}."
        );
        return new RecipeReading(null, [problem, .. reading.Problems]);
    }

    // Two recipes that write one pointer would replace each other's image for good, bake by bake.
    private static IEnumerable<Problem> SharedPointers(RecipeSource source, IReadOnlyList<Recipe> recipes) =>
        from recipe in recipes
        where recipe.Publish.Pointer is not null
        group recipe by recipe.Publish.Pointer into shared
        where shared.Count() > 1
        from later in shared.Skip(1)
        select new Problem(
            FileOf(source, later.Name),
            Place.Start,
            $"publish.pointer is '{shared.Key}', which {shared.First().Name} writes, too; give each recipe a pointer of its own."
        );

    private static string FileOf(RecipeSource source, string name) => Shown.Path(RecipePlace.InCatalog(source.Folder, name).File);
}
