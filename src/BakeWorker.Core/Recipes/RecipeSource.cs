using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>A folder of recipes. Each bake reads its recipe afresh, so an edit counts from the next bake on, without a restart.</summary>
public sealed class RecipeSource(string folder, TimeProvider time)
{
    /// <summary>The folder with one folder per recipe, and the step library in <c>steps</c>.</summary>
    public string Folder => folder;

    /// <summary>Every recipe of the folder, right or wrong, in alphabetical order.</summary>
    public IReadOnlyList<string> Names() =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Where(d =>
                        File.Exists(Path.Combine(d, RecipePlace.RecipeFile)) || File.Exists(Path.Combine(d, RecipePlace.NearlyRecipeFile))
                    )
                    .Select(d => Path.GetFileName(d))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Whether a request can name it.</summary>
    public static bool IsName(string name) => Words.RecipeName.Allows(name);

    /// <summary>Whether a recipe can say that it is whose.</summary>
    public static bool IsOwner(string owner) => Words.TagText.Allows(owner);

    /// <summary>Reads the recipe of this name; null when the folder has none. Never leaves the folder, whatever the name.</summary>
    public RecipeReading? Find(string name) =>
        IsName(name) && Names().Contains(name) ? RecipeLoader.Load(RecipePlace.InCatalog(folder, name), Today) : null;

    /// <summary>Reads a recipe by the path of its folder or file, which may lie anywhere: for a person at a keyboard, not for requests.</summary>
    public RecipeReading Read(string path) => RecipeLoader.Load(RecipePlace.ByPath(path, folder), Today);

    /// <summary>The recipe of a request, or a <see cref="BakeFailedException"/> that says every reason why not.</summary>
    public Recipe Require(string name) =>
        Accept(name, Find(name) ?? throw new BakeFailedException(FailureKind.Invalid, FailureCodes.RecipeUnknown, Unknown(name)));

    /// <summary>As <see cref="Require"/>, but a path is allowed, too: anything with a slash, or a .yaml file.</summary>
    public Recipe RequireNameOrPath(string nameOrPath) => IsPath(nameOrPath) ? Accept(nameOrPath, Read(nameOrPath)) : Require(nameOrPath);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static bool IsPath(string text) =>
        text is "." or ".."
        || text.Contains('/')
        || text.Contains('\\')
        || text.EndsWith(".yaml", StringComparison.Ordinal)
        || text.EndsWith(".yml", StringComparison.Ordinal);

    private static Recipe Accept(string name, RecipeReading reading) =>
        reading.Recipe
        ?? throw new BakeFailedException(
            FailureKind.Invalid,
            FailureCodes.RecipeInvalid,
            $"the recipe {Shown.Value(name)} has errors:\n{string.Join('\n', reading.Errors)}"
        );

    private string Unknown(string name)
    {
        var names = Names();
        return names.Count == 0
            ? $"there is no recipe {Shown.Value(name)}: {Shown.Path(folder)} holds none; check the folder in the settings."
            : $"there is no recipe {Shown.Value(name)} in {Shown.Path(folder)}; {Suggestion.Hint(name, names, "it holds")}";
    }
}
