using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes;

/// <summary>What became of a recipe: the recipe itself, unless there are errors, and everything found wrong on the way.</summary>
public sealed record RecipeReading(Recipe? Recipe, IReadOnlyList<Problem> Problems)
{
    /// <summary>The recipe file, as messages name it.</summary>
    public string File { get; init; } = "";

    /// <summary>Every script and component it uses, as messages name their files.</summary>
    public IReadOnlyList<ReadText> Texts { get; init; } = [];

    /// <summary>Where scripts and documents of the recipe's own stand that take what limit they get.</summary>
    internal IReadOnlyList<Place> StepsWithoutTimeout { get; init; } = [];

    /// <summary>Where each field stands in the file.</summary>
    internal IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();

    public IEnumerable<Problem> Errors => Problems.Where(p => !p.IsWarning);
    public IEnumerable<Problem> Warnings => Problems.Where(p => p.IsWarning);

    /// <summary>Where a field stands; of one that is absent, where the innermost section stands that would hold it.</summary>
    public Place PlaceOf(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            if (Places.TryGetValue(path[..end], out var place))
            {
                return place;
            }
        }

        return Place.Start;
    }
}

/// <summary>A file that a recipe uses, with what stands in it.</summary>
public sealed record ReadText(string File, string Text);
