using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    private static readonly RecipeCatalog Catalog = RecipeCatalog.Load(new RecipeSource(Checkout.File("recipes"), TimeProvider.System));

    [Fact]
    public void Recipes_AsShipped_HaveNothingWrongWithThem()
    {
        Catalog.Problems.Should().BeEmpty();
        Catalog
            .Recipes.Select(recipe => recipe.Name)
            .Should()
            .BeEquivalentTo("amazon-linux-2023-base", "debian-12-base", "ubuntu-24.04-base");
    }

    [Fact]
    public void Recipes_EveryScript_FitsIntoACommand()
    {
        foreach (var script in Catalog.Recipes.SelectMany(recipe => recipe.Steps).Select(step => step.Script).OfType<string>())
        {
            var send = () =>
                StepEnvelope.EnsureFits(
                    new StepScript
                    {
                        Bake = new BakeId("bake-0123456789abcdef"),
                        Key = "step/x/1",
                        Text = script,
                    }
                );

            send.Should().NotThrow();
        }
    }

    [Fact]
    public void Recipes_EachOfThem_PatchesHardensCleansAndProvesIt()
    {
        foreach (var recipe in Catalog.Recipes)
        {
            recipe.Steps.Select(step => step.ScriptPath).Should().Contain(["linux/patch.sh", "linux/harden.sh", "linux/cleanup.sh"]);
            recipe.Tests.Select(test => test.ScriptPath).Should().Contain(["linux/verify-hardening.sh", "linux/verify-clean.sh"]);
            recipe.Scan.Waivers.Should().BeEmpty();
            recipe.Publish.Pointer.Should().Be($"/images/{recipe.Name}/current");
        }
    }
}
