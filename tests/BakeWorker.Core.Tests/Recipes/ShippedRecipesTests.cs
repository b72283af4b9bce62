using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    private static readonly RecipeCatalog Catalog = RecipeCatalog.Load(new RecipeSource(Checkout.File("recipes"), TimeProvider.System));

    // One for each architecture that the vendor has images for.
    private static readonly string[] Twins =
    [
        "amazon-linux-2023-base",
        "debian-12-base",
        "debian-13-base",
        "rhel-9-base",
        "ubuntu-22.04-base",
        "ubuntu-24.04-base",
    ];

    private static readonly string[] Windows = ["windows-server-2022-base", "windows-server-2025-base"];

    private static readonly string[] Examples = ["ci-runner", "containerd-host", "nginx-web"];

    [Fact]
    public void Recipes_AsShipped_HaveNothingWrongWithThem()
    {
        Catalog.Problems.Should().BeEmpty();
        Catalog
            .Recipes.Select(recipe => recipe.Name)
            .Should()
            .BeEquivalentTo([.. Twins, .. Twins.Select(name => $"{name}-arm64"), .. Windows, .. Examples]);
    }

    [Fact]
    public void Recipes_ForTwoArchitectures_DifferInNothingElse()
    {
        foreach (var name in Twins)
        {
            var (one, other) = (Lines(name), Lines($"{name}-arm64"));

            other.Should().HaveSameCount(one);
            one.Zip(other)
                .Where(pair => pair.First != pair.Second)
                .Select(pair => pair.First.TrimStart('#', ' ').Split(' ')[0])
                .Should()
                .BeSubsetOf(
                    [
                        "name:",
                        "description:",
                        "architecture:",
                        "parameter:",
                        "find:",
                        "instanceTypes:",
                        "pointer:",
                        "schedule:",
                        Title(one),
                    ],
                    name
                );
        }

        static string[] Lines(string name) => File.ReadAllLines(Checkout.File($"recipes/{name}/recipe.yaml"));
        static string Title(string[] lines) => lines[0].TrimStart('#', ' ').Split(' ')[0];
    }

    [Fact]
    public void Recipes_EachOfThem_StandsInTheListOfRecipes()
    {
        var page = File.ReadAllText(Checkout.File("recipes/README.md"));

        Catalog.Recipes.Should().OnlyContain(recipe => page.Contains($"[{recipe.Name}]({recipe.Name}/recipe.yaml)"));
        Directory
            .EnumerateFiles(Checkout.File("recipes/steps"), "*.*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Checkout.File("recipes"), file))
            .Should()
            .OnlyContain(file => page.Contains($"({file})"));
    }

    [Fact]
    public void Recipes_EachOfThem_ComesAtATimeOfItsOwn()
    {
        Catalog.Recipes.Select(recipe => recipe.Schedule!.Cron).Should().OnlyHaveUniqueItems();
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
            var (folder, extension) = recipe.Platform == Platform.Windows ? ("windows", "ps1") : ("linux", "sh");
            string[] steps = Examples.Contains(recipe.Name) ? ["patch", "cleanup"] : ["patch", "harden", "cleanup"];
            recipe.Steps.Select(step => step.ScriptPath).Should().Contain(steps.Select(step => $"{folder}/{step}.{extension}"));
            recipe
                .Tests.Select(test => test.ScriptPath)
                .Should()
                .Contain([$"{folder}/verify-hardening.{extension}", $"{folder}/verify-clean.{extension}"]);
            recipe
                .Steps.Where(step => step.Phase is StepPhase.Patch or StepPhase.Harden)
                .Should()
                .OnlyContain(step => step.Reboot == RebootPolicy.IfNeeded);
            recipe.Scan.Waivers.Should().BeEmpty();
            recipe.Publish.Pointer.Should().Be($"/images/{recipe.Name}/current");
            recipe.Labels.Should().ContainKeys("tier", "system");
        }
    }

    [Fact]
    public void Recipes_OnTopOfOurOwn_TakeNothingButAReleasedImageOfIt()
    {
        foreach (var recipe in Examples.Select(name => Catalog.Find(name)!))
        {
            recipe.Base.Owners.Should().Equal("self");
            recipe.Base.Parameter.Should().Be($"/images/{recipe.Base.MadeBy}/current");
            Catalog.Find(recipe.Base.MadeBy!)!.Publish.Pointer.Should().Be(recipe.Base.Parameter);
        }
    }
}
