namespace BakeWorker.Core.Recipes;

/// <summary>Where a recipe lies and where the steps of the library lie that it may use.</summary>
internal sealed record RecipePlace(string Folder, string FileName, string Library)
{
    public const string RecipeFile = "recipe.yaml";

    /// <summary>What people write instead, and get told so.</summary>
    public const string NearlyRecipeFile = "recipe.yml";
    public const string LibraryFolder = "steps";

    /// <summary>What the recipe must be called; null where nobody looks for it by name.</summary>
    public string? Name { get; init; }
    public string File => Path.Combine(Folder, FileName);

    /// <summary>The recipe of this name in a folder of recipes.</summary>
    public static RecipePlace InCatalog(string catalog, string name) =>
        new(Path.Combine(catalog, name), RecipeFile, Path.Combine(catalog, LibraryFolder)) { Name = name };

    /// <summary>A recipe by its folder or file. A library beside the folder comes before that of the catalog.</summary>
    public static RecipePlace ByPath(string path, string catalog)
    {
        var isFile = System.IO.File.Exists(path);
        var folder = isFile
            ? Path.GetDirectoryName(path) is { Length: > 0 } parent
                ? parent
                : "."
            : path;
        var sibling = Path.Combine(folder, "..", LibraryFolder);
        var library = Directory.Exists(sibling) ? sibling : Path.Combine(catalog, LibraryFolder);
        return new RecipePlace(folder, isFile ? Path.GetFileName(path) : RecipeFile, library);
    }
}
