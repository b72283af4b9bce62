using BakeWorker.Commands;

namespace BakeWorker.Settings;

/// <summary>Where recipes are read and where images are kept.</summary>
internal static class Folders
{
    private const string RecipesName = "recipes";

    /// <summary>Name of the step library in a folder of recipes.</summary>
    public const string Library = "steps";

    /// <summary>The recipes that came with the program.</summary>
    public static string Shipped { get; } = Path.Combine(AppContext.BaseDirectory, RecipesName);

    public static string Recipes(WorkerSettings settings, Shell shell)
    {
        if (settings.Recipes.Length > 0)
        {
            return shell.FullPath(settings.Recipes);
        }

        var here = shell.FullPath(RecipesName);
        return Directory.Exists(here) || !Directory.Exists(Shipped) ? here : Shipped;
    }

    /// <summary>The folder for recipes of one's own: never the one that came with the program.</summary>
    public static string OwnRecipes(WorkerSettings settings, Shell shell) =>
        shell.FullPath(settings.Recipes.Length > 0 ? settings.Recipes : RecipesName);

    /// <summary>Null where the data folder holds it, too.</summary>
    public static string? Cache(WorkerSettings settings, Shell shell) => settings.Cache.Length > 0 ? shell.FullPath(settings.Cache) : null;

    /// <summary>Refuses a data folder that cannot be written before anything is baked for it.</summary>
    public static string RequireWritable(string data)
    {
        try
        {
            Directory.CreateDirectory(data);
            // Neither rights nor owner tell: the file system may be read-only or full.
            File.WriteAllText(Path.Combine(data, $".probe.{Environment.ProcessId}"), "\n");
            File.Delete(Path.Combine(data, $".probe.{Environment.ProcessId}"));
            return data;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"the data folder {data} cannot be written: {exception.Message.TrimEnd('.')}; give another by --data."
            );
        }
    }

    /// <summary>Where this machine keeps proofs of what it bakes for itself.</summary>
    public static string OwnProofs(WorkerSettings settings, Shell shell) => Path.Combine(Data(settings, shell), "proofs");

    /// <summary>The key by which this machine signs them, made when it is first needed.</summary>
    public static string OwnKey(WorkerSettings settings, Shell shell) => Path.Combine(Data(settings, shell), "proof-key.pem");

    /// <summary>By the XDG base directory rules where no setting names it.</summary>
    public static string Data(WorkerSettings settings, Shell shell)
    {
        if (settings.Data.Length > 0)
        {
            return shell.FullPath(settings.Data);
        }

        var shared =
            shell.Variable("XDG_DATA_HOME")
            ?? (shell.Variable("HOME") is { } home ? Path.Combine(home, ".local", "share") : null)
            ?? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(shared, Cli.Name);
    }
}
