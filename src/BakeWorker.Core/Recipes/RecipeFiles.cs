using BakeWorker.Core.Binding;
using BakeWorker.Core.Components;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>The files that one recipe uses: from its own folder and from the step library, nothing else. Keeps their digest.</summary>
internal sealed class RecipeFiles(RecipePlace place, Platform? platform, Problems problems)
{
    private static readonly string[] ScriptFolders = ["steps", "tests"];
    private const int MaxScriptBytes = 512 * 1024;

    // What Image Builder gives a step that names no limit.
    private static readonly TimeSpan UsualComponentTimeout = TimeSpan.FromHours(2);
    private readonly ContentDigest _digest = new();
    private readonly HashSet<string> _used = [];
    private readonly List<ReadText> _texts = [];

    public string Digest => _digest.Value;

    /// <summary>The scripts and components that were read.</summary>
    public IReadOnlyList<ReadText> Texts => _texts;

    public void AddRecipe(byte[] content) => _digest.Add(RecipePlace.RecipeFile, content);

    /// <summary>The script that a step or test names by <paramref name="run"/> or <paramref name="uses"/>; null for a document or after an error.</summary>
    public Script? FindScript(Section step, Field<string> run, Field<string> uses)
    {
        if (step.TryGet(uses, out var name))
        {
            var library = place.Library;
            return platform is null
                ? null
                : Read(step, uses, library, $"{name}{Extension}", "library:", $"no step of the library {Shown.Path(library)}");
        }

        if (!step.TryGet(run, out var path))
        {
            return null;
        }

        if (platform is not null && Path.GetExtension(path) != Extension)
        {
            var word = platform == Platform.Windows ? "windows" : "linux";
            problems.Error(step.At(run), $"{step.PathOf(run)} is {Shown.Value(path)}, but scripts of a {word} recipe end in {Extension}.");
            return null;
        }

        return Read(step, run, place.Folder, path, "", "no usable file");
    }

    /// <summary>The component that a step names; none of it without one or after an error.</summary>
    public ComponentSteps? FindComponent(Section step)
    {
        if (platform is null || !step.TryGet(StepFields.Component, out var path))
        {
            return null;
        }

        var content = ContainedFile.Read(place.Folder, path, YamlDocument.MaxBytes, out var trouble);
        if (content is null)
        {
            problems.Error(step.At(StepFields.Component), $"{step.PathOf(StepFields.Component)} is {Shown.Value(path)}, which {trouble}.");
            return null;
        }

        _digest.Add(path, content);
        var use = new ComponentUse(
            step.Find(StepFields.Name) ?? "component",
            path,
            step.FindValue(StepFields.Phase) ?? StepPhase.Install,
            platform.Value
        )
        {
            With = step.Find(StepFields.With) ?? new Dictionary<string, Placed<string>>(),
            Timeout = step.FindValue(StepFields.Timeout) ?? UsualComponentTimeout,
            Place = step.At(StepFields.Component),
            Problems = problems,
            PathOf = step.PathOf,
        };
        var inFile = new Problems(Shown.Path(Path.Combine(place.Folder, path)));
        Keep(inFile.File, content);
        var read = new ComponentReader(use, inFile).Read(content);
        problems.Add(inFile.All);
        return read;
    }

    /// <summary>The waivers file's content; null without one or after an error.</summary>
    public byte[]? FindWaivers(Section scan)
    {
        if (!scan.TryGet(ScanFields.Waivers, out var path))
        {
            return null;
        }

        var content = ContainedFile.Read(place.Folder, path, YamlDocument.MaxBytes, out var trouble);
        if (content is null)
        {
            problems.Error(scan.At(ScanFields.Waivers), $"{scan.PathOf(ScanFields.Waivers)} is {Shown.Value(path)}, which {trouble}.");
            return null;
        }

        _digest.Add(path, content);
        return content;
    }

    /// <summary>Scripts in the recipe's folder that nothing names: forgotten, or misspelt where they should be named.</summary>
    public void WarnOfUnused()
    {
        foreach (var folder in ScriptFolders.Select(f => Path.Combine(place.Folder, f)).Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".sh" or ".ps1"))
            {
                var relative = Path.GetRelativePath(place.Folder, file).Replace('\\', '/');
                if (!_used.Contains(relative))
                {
                    problems.Warn(Place.Start, $"no step and no test uses {relative}; name it or remove it.");
                }
            }
        }
    }

    private string Extension => platform == Platform.Windows ? ".ps1" : ".sh";

    private Script? Read(Section step, Field<string> field, string root, string relative, string prefix, string what)
    {
        var content = ContainedFile.Read(root, relative, MaxScriptBytes, out var trouble);
        if (content is null)
        {
            var hint =
                trouble == "does not exist" && Suggestion.For(relative, Scripts(root)) is { } meant ? $"; did you mean '{meant}'?" : ".";
            problems.Error(step.At(field), $"{step.PathOf(field)} names {what}: {relative} {trouble}{hint}");
            return null;
        }

        _digest.Add($"{prefix}{relative}", content);
        _used.Add(relative);
        var shown = Shown.Path(Path.Combine(root, relative));
        Keep(shown, content);
        return ScriptFile.Check(content, relative, shown, problems);
    }

    private void Keep(string file, byte[] content)
    {
        if (Utf8Text.Decode(content) is { } text && !_texts.Exists(known => known.File == file))
        {
            _texts.Add(new ReadText(file, text));
        }
    }

    private IEnumerable<string> Scripts(string root) =>
        Directory.Exists(root)
            ? Directory
                .EnumerateFiles(root, $"*{Extension}", SearchOption.AllDirectories)
                .Take(500)
                .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            : [];
}
