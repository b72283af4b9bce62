using System.Runtime.CompilerServices;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;
using BakeWorker.Output;

namespace BakeWorker.Checks;

/// <summary>What recipes need: that they can be read, that EC2 would launch for them, and that every place they publish to takes them.</summary>
internal sealed class RecipeExam(ICloud cloud, BakeIntake intake, CapacityLadder ladder, PublishSteps steps)
{
    public static async IAsyncEnumerable<Check> FolderAsync(RecipeCatalog catalog, string folder)
    {
        await Task.CompletedTask;
        var errors = catalog.Problems.Count(problem => !problem.IsWarning);
        yield return errors > 0
            ? Check.Fault("recipes", $"those in {folder} have {Texts.Count(errors, "error")}", "'bakeworker validate' names each of them")
        : catalog.Recipes.Count == 0 ? Check.Fault("recipes", $"there are none in {folder}", "name their folder in Recipes")
        : Check.Ok("recipes", $"{Texts.Count(catalog.Recipes.Count, "recipe")} in {folder}");
    }

    /// <summary>Asks EC2 for a builder and a tester of the recipe, and launches neither.</summary>
    public async IAsyncEnumerable<Check> LaunchesAsync(Recipe recipe, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await cloud.Home.Images.FindBaseAsync(recipe.Base, recipe.Architecture, ct) is not { } image)
        {
            yield return Check.Fault(
                "launch",
                $"the base of {recipe.Name} ({recipe.Base}) is not in {cloud.Home.Name}",
                "correct the recipe's base, or bake in another Region"
            );
            yield break;
        }

        var bake = intake.Create(new BakeRequest { Recipe = recipe.Name, RequestId = "doctor" }, recipe);
        foreach (var role in (InstanceRole[])[InstanceRole.Builder, InstanceRole.Tester])
        {
            var rung = await ladder.RehearseAsync(bake, role, image, ct);
            yield return Check.Ok("launch", $"EC2 would launch a {role.ToString().ToLowerInvariant()} of {recipe.Name} as {rung}");
        }
    }

    /// <summary>What a bake of the recipe would be told at its start.</summary>
    public async IAsyncEnumerable<Check> TargetsAsync(Recipe recipe, [EnumeratorCancellation] CancellationToken ct)
    {
        var obstacles = new Obstacles();
        foreach (var step in steps.InOrder)
        {
            await step.CheckAsync(recipe, obstacles, ct);
        }

        foreach (var obstacle in obstacles.Each)
        {
            yield return Check.Fault($"recipe {recipe.Name}", $"{obstacle.Region}: {obstacle.What}", obstacle.Mend);
        }

        if (obstacles.Each.Count == 0)
        {
            yield return Check.Ok($"recipe {recipe.Name}", "every place it publishes to takes it");
        }
    }
}
