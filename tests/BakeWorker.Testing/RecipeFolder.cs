namespace BakeWorker.Testing;

/// <summary>The shipped Debian recipe, changed, in a folder of its own.</summary>
public sealed class RecipeFolder : IDisposable
{
    private const string Recipe = "debian-12-base";

    public RecipeFolder(Func<string, string> change)
    {
        var shipped = Checkout.File("recipes");
        foreach (var folder in new[] { Recipe, "steps" })
        {
            foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(shipped, folder), "*", SearchOption.AllDirectories))
            {
                var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(shipped, file));
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        // For scripts of the test's own.
        Directory.CreateDirectory(System.IO.Path.Combine(Path, Recipe, "steps"));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, Recipe, "tests"));
        var recipe = System.IO.Path.Combine(Path, Recipe, "recipe.yaml");
        File.WriteAllText(recipe, change(File.ReadAllText(recipe)));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("bakeworker-recipes-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
