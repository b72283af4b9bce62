using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes;

/// <summary>What became of a recipe: the recipe itself, unless there are errors, and everything found wrong on the way.</summary>
public sealed record RecipeReading(Recipe? Recipe, IReadOnlyList<Problem> Problems)
{
    public IEnumerable<Problem> Errors => Problems.Where(p => !p.IsWarning);
    public IEnumerable<Problem> Warnings => Problems.Where(p => p.IsWarning);
}
