using System.CommandLine;
using BakeWorker.Authoring;
using BakeWorker.Core.Recipes;
using BakeWorker.Output;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>init</c>: a recipe to begin with, which bakes at once.</summary>
internal static class InitCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the new recipe" };
        var from = new Option<string?>("--from")
        {
            Description = "The recipe whose released images it is made of (default: the image of Debian 12)",
            HelpName = "RECIPE",
        };
        var owner = new Option<string>("--owner")
        {
            Description = "The team that answers for it",
            HelpName = "TEAM",
            DefaultValueFactory = _ => "my-team",
        };
        var common = new CommonOptions();
        var command = new Command("init", "Writes a recipe to begin with, which bakes at once") { name, from, owner };
        common.AddTo(command);
        command.SetAction(parsed =>
            Run(shell, parsed.GetRequiredValue(name), parsed.GetValue(from), parsed.GetRequiredValue(owner), common.Read(parsed))
        );
        return command;
    }

    private static int Run(Shell shell, string name, string? from, string owner, CommonArguments common)
    {
        var settings = LoadedSettings.Load(shell, common.Settings, common.Apply).Worker;
        if (!RecipeSource.IsName(name))
        {
            throw new UsageException(
                $"'{name}' cannot name a recipe; give 3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -."
            );
        }

        if (name == Folders.Library)
        {
            throw new UsageException($"'{name}' is the folder of the step library; give the recipe another name.");
        }

        if (!RecipeSource.IsOwner(owner))
        {
            throw new UsageException(
                $"'{Texts.Plain(owner).ReplaceLineEndings(" ")}' cannot be the owner; give 1 to 128 letters, digits, spaces and _ . : / = + - @, as AWS allows in tags."
            );
        }

        var folder = Folders.OwnRecipes(settings, shell);
        var target = Path.Combine(folder, name);
        if (Directory.Exists(target) || File.Exists(target))
        {
            throw new UsageException($"{shell.ShortPath(target)} is there already, and nothing in it is overwritten; give another name.");
        }

        var below = from is null ? null : Below(new RecipeSource(Folders.Recipes(settings, shell), shell.Time), from);
        foreach (var (path, text) in RecipeTemplate.Files(name, owner, below))
        {
            Write(Path.Combine(target, path), text, shell);
        }

        if (AddLibrary(folder) is { } library)
        {
            shell.Terminal.Output.WriteLine($"{shell.ShortPath(library)}{Path.DirectorySeparatorChar}");
        }

        Check(new RecipeSource(folder, shell.Time).Find(name)!);
        var first = below is null ? "" : $"'{Cli.Name} bake {below.Name}', ";
        shell.Terminal.Say($"next: {first}'{Cli.Name} bake {name}'; docs/recipes.md tells what else a recipe may say");
        return ExitCodes.Done;
    }

    private static Recipe Below(RecipeSource recipes, string name)
    {
        var below = recipes.Require(name);
        return below switch
        {
            { Platform: Platform.Windows } => throw new UsageException($"--from {name}: the steps that are written here are for Linux."),
            { Publish.Pointer: null } => throw new UsageException(
                $"--from {name}: it publishes no pointer by which its newest image could be found; give it one (publish.pointer)."
            ),
            _ => below,
        };
    }

    // Steps of the library are part of what is baked, so they lie beside the recipes that use them.
    private static string? AddLibrary(string folder)
    {
        var (library, shipped) = (Path.Combine(folder, Folders.Library), Path.Combine(Folders.Shipped, Folders.Library));
        if (Directory.Exists(library) || !Directory.Exists(shipped))
        {
            return null;
        }

        foreach (var file in Directory.EnumerateFiles(shipped, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(library, Path.GetRelativePath(shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return library;
    }

    private static void Write(string path, string text, Shell shell)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows() && path.EndsWith(".sh", StringComparison.Ordinal))
        {
            File.SetUnixFileMode(
                path,
                File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
            );
        }

        shell.Terminal.Output.WriteLine(shell.ShortPath(path));
    }

    // A library of one's own may lack what the recipe uses.
    private static void Check(RecipeReading reading)
    {
        if (reading.Recipe is null)
        {
            throw new UsageException(
                $"the recipe is written, but does not fit here:\n{string.Join('\n', reading.Errors.Select(error => $"{error}"))}"
            );
        }
    }
}
