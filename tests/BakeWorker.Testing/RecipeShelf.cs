namespace BakeWorker.Testing;

/// <summary>The shipped Debian recipe under several names, each with a pointer of its own and a change, in a folder of its own.</summary>
public sealed class RecipeShelf : IDisposable
{
    private const string Recipe = "debian-12-base";

    public RecipeShelf(params (string Name, Func<string, string> Change)[] recipes)
    {
        var shipped = Checkout.File("recipes");
        Copy(System.IO.Path.Combine(shipped, "steps"), System.IO.Path.Combine(Path, "steps"));
        foreach (var (name, change) in recipes)
        {
            Copy(System.IO.Path.Combine(shipped, Recipe), System.IO.Path.Combine(Path, name));
            Edit(name, text => change(text.Replace($"name: {Recipe}", $"name: {name}").Replace($"/images/{Recipe}/", $"/images/{name}/")));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("bakeworker-recipes-").FullName;

    public void Edit(string name, Func<string, string> change)
    {
        var file = System.IO.Path.Combine(Path, name, "recipe.yaml");
        File.WriteAllText(file, change(File.ReadAllText(file)));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
