using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class RecipeSourceTests : IDisposable
{
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void ShippedRecipes_AreFreeOfErrorsAndWarnings()
    {
        var catalog = RecipeCatalog.Load(new RecipeSource(Checkout.File("recipes"), TimeProvider.System));

        catalog.Problems.Should().BeEmpty();
        catalog.Recipes.Select(r => r.Name).Should().Contain(["debian-12-base", "amazon-linux-2023-base", "ubuntu-24.04-base"]);
    }

    [Fact]
    public void Names_AreTheFoldersWithARecipe()
    {
        box.Write("notes/README.md", "no recipe");
        box.Write("db/recipe.yml", "name: db");

        box.Source.Names().Should().Equal("db", "web");
    }

    [Fact]
    public void RecipeYml_IsToldItsRightName()
    {
        box.Write("database/recipe.yml", "name: database");

        box.Shown(box.Source.Find("database")!)
            .Should()
            .Equal("database/recipe.yaml:1:1: the recipe does not exist; rename recipe.yml to it.");
    }

    [Fact]
    public void Recipe_EditedBetweenTwoBakes_IsReadAfresh()
    {
        box.Source.Require("web").Retain.Keep.Should().Be(3);

        box.Write("web/recipe.yaml", RecipeBox.Good.Replace("keep: 3", "keep: 4"));

        box.Source.Require("web").Retain.Keep.Should().Be(4);
    }

    [Theory]
    [InlineData("wbe", "there is no recipe 'wbe' in BOX; did you mean 'web'?")]
    [InlineData("nothing-like-it", "there is no recipe 'nothing-like-it' in BOX; it holds web.")]
    [InlineData("../web", "there is no recipe '../web' in BOX; did you mean 'web'?")]
    [InlineData("steps", "there is no recipe 'steps' in BOX; it holds web.")]
    public void Request_ForAnUnknownRecipe_IsToldWhatThereIs(string name, string message)
    {
        var failure = box.Source.Invoking(s => s.Require(name)).Should().Throw<BakeFailedException>().Which;

        (failure.Kind, failure.Code, failure.Message)
            .Should()
            .Be((FailureKind.Invalid, FailureCodes.RecipeUnknown, message.Replace("BOX", box.Folder)));
    }

    [Fact]
    public void Request_ForARecipeWithErrors_IsToldEachWithItsPlace()
    {
        box.Write("web/recipe.yaml", RecipeBox.Good.Replace("keep: 3", "keep: 0").Replace("retries: 2", "retries: 9"));

        var failure = box.Source.Invoking(s => s.Require("web")).Should().Throw<BakeFailedException>().Which;

        failure.Code.Should().Be(FailureCodes.RecipeInvalid);
        failure.Message.Split('\n').Should().HaveCount(3).And.Contain(line => line.Contains("recipe.yaml:22:14:"));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("web/recipe.yaml")]
    public void Person_MayNameARecipeByItsPath(string path) =>
        box.Source.RequireNameOrPath(Path.Combine(box.Folder, path)).Name.Should().Be("web");

    [Fact]
    public void RecipeElsewhere_UsesTheLibraryOfTheCatalog()
    {
        using var elsewhere = new RecipeBox();
        Directory.Delete(Path.Combine(elsewhere.Folder, "steps"), recursive: true);
        Directory.Move(Path.Combine(elsewhere.Folder, "web"), Path.Combine(elsewhere.Folder, "mine"));

        box.Source.RequireNameOrPath(Path.Combine(elsewhere.Folder, "mine")).Digest.Should().Be(box.Source.Require("web").Digest);
    }

    [Fact]
    public void Catalog_TwoRecipesWithOnePointer_IsAnError()
    {
        foreach (var folder in new[] { "steps", "tests" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(box.Folder, "web", folder)))
            {
                box.Write($"web-two/{folder}/{Path.GetFileName(file)}", File.ReadAllText(file));
            }
        }

        box.Write("web-two/waivers.yaml", "[]");
        box.Write("web-two/recipe.yaml", RecipeBox.Good.Replace("name: web", "name: web-two"));

        var catalog = RecipeCatalog.Load(box.Source);

        catalog.Recipes.Should().HaveCount(2);
        catalog
            .Problems.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Be("publish.pointer is '/images/web/current', which web writes, too; give each recipe a pointer of its own.");
    }

    [Fact]
    public void Catalog_FolderNoRequestCanName_IsAnError()
    {
        box.Write("Web_2/recipe.yaml", "name: x");

        RecipeCatalog
            .Load(box.Source)
            .Problems.Should()
            .Contain(p => p.Message.StartsWith("the folder is called 'Web_2', by which no request can name it;"));
    }
}
