using System.CommandLine;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Linting;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.Output;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>validate</c>: everything that is wrong with recipes and policy, at once, in the form that editors and CI systems link.</summary>
internal static class ValidateCommand
{
    public static Command Create(Shell shell)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Names of recipes, or paths of folders of recipes, recipe folders or recipe files (default: the recipes folder)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var strict = new Option<bool>("--strict") { Description = "Take every warning for an error" };
        var common = new CommonOptions();
        var command = new Command("validate", "Checks the operator's policy, recipes, their steps and waivers") { paths, strict };
        common.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(shell, parsed.GetValue(paths) ?? [], parsed.GetValue(strict), common.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, string[] paths, bool isStrict, CommonArguments common, CancellationToken ct)
    {
        var settings = LoadedSettings.Load(shell, common.Settings, common.Apply).Worker;
        var folder = Folders.Recipes(settings, shell);
        var policy = PolicyFile.Read(settings, shell);
        var readings = (paths.Length == 0 ? [folder] : paths.Select(path => Find(path, folder, shell)))
            .Select(path => Read(path, folder, shell))
            .ToList();
        // A policy that cannot be read allows nothing, so there is nothing to hold recipes against.
        var breaches = policy.Policy is { } rules ? readings.SelectMany(reading => reading.Recipes).SelectMany(Judge) : [];
        var recipes = readings.SelectMany(reading => reading.Recipes).ToList();
        var problems = policy
            .Problems.Concat(readings.SelectMany(reading => reading.Problems))
            .Concat(breaches)
            .Concat(recipes.SelectMany(RecipeLint.Check))
            .Concat(await Shellcheck.RunAsync(recipes.SelectMany(reading => reading.Texts), shell, ct))
            .Distinct()
            .Select(problem => isStrict ? problem with { IsWarning = false } : problem)
            .ToList();
        foreach (var problem in problems)
        {
            shell.Terminal.Output.WriteLine(Line(problem, shell));
        }

        var (errors, warnings) = (problems.Count(problem => !problem.IsWarning), problems.Count(problem => problem.IsWarning));
        var found = warnings == 0 ? Texts.Count(errors, "error") : $"{Texts.Count(errors, "error")} and {Texts.Count(warnings, "warning")}";
        shell.Terminal.Output.WriteLine($"{Texts.Count(readings.Sum(reading => reading.Recipes.Count), "recipe")}: {found}");
        return errors == 0 ? ExitCodes.Done : ExitCodes.Invalid;

        IEnumerable<Problem> Judge(RecipeReading reading) =>
            RecipePolicy.Judge(reading, rules!, LocalDefaults.FindRegion(settings, shell), shell.Time.GetUtcNow());
    }

    // As in other commands a recipe has a name; what lies at a path of that name comes first here, because folders may be checked, too.
    private static string Find(string nameOrPath, string folder, Shell shell)
    {
        var path = shell.FullPath(nameOrPath);
        if (Directory.Exists(path) || File.Exists(path))
        {
            return path;
        }

        var names = new RecipeSource(folder, shell.Time).Names();
        return names.Contains(nameOrPath)
            ? Path.Combine(folder, nameOrPath)
            : throw new UsageException(
                $"there is nothing at {path} and no recipe '{nameOrPath}' in {folder}; name a recipe, a recipe folder or file, or a folder of recipes."
            );
    }

    private static (IReadOnlyList<RecipeReading> Recipes, IReadOnlyList<Problem> Problems) Read(string path, string folder, Shell shell)
    {
        var recipes = new RecipeSource(path, shell.Time);
        if (Directory.Exists(path) && recipes.Names().Count > 0)
        {
            var catalog = RecipeCatalog.Load(recipes);
            return (catalog.Readings, catalog.Problems);
        }

        if (Directory.Exists(path) && path == folder)
        {
            throw new UsageException($"{path} holds no recipe; each lies in a folder of its own, with a recipe.yaml.");
        }

        var reading = new RecipeSource(folder, shell.Time).Read(path);
        return ([reading], reading.Problems);
    }

    // Editors resolve a path against the folder the command ran in.
    private static string Line(Problem problem, Shell shell) =>
        $"{shell.ShortPath(problem.File)}:{problem.Place.Line}:{problem.Place.Column}: {(problem.IsWarning ? "warning" : "error")}: {problem.Message}{(problem.Rule is { } rule ? $" [{rule}]" : "")}";
}
