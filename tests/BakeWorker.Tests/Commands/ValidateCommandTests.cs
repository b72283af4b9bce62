using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Broken = """
        name: broken
        owner: me
        platform: linux
        architecture: x86_64
        base: { image: ami-1 }
        colour: red
        steps: []
        """;

    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void ShippedRecipes_AreValid()
    {
        _line.Run("validate", Checkout.File("recipes")).Should().Be(0, "{0}", _line.Output);

        _line.Output.ToString().Should().MatchRegex(@"^\d+ recipes: 0 errors\n$", "what is shipped gives no cause for warnings either");
    }

    [Fact]
    public void EveryError_IsALineThatEditorsLink()
    {
        _line.Write("recipes/broken/recipe.yaml", Broken);
        _line.Environment.Remove("BAKEWORKER__RECIPES");

        _line.Run("validate").Should().Be(2);

        var lines = _line.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines
            .SkipLast(1)
            .Should()
            .HaveCountGreaterThan(1)
            .And.OnlyContain(line => line.StartsWith("recipes/broken/recipe.yaml:", StringComparison.Ordinal));
        lines.Should().Contain(line => line.Contains(":6:1: error: ") && line.Contains("colour"));
        lines[^1].Should().MatchRegex(@"^1 recipe: \d+ errors$");
    }

    [Fact]
    public void OneRecipe_IsCheckedByItsFolderOrFile()
    {
        var file = _line.Write("elsewhere/broken/recipe.yaml", Broken);

        _line.Run("validate", file).Should().Be(2);
        _line.Run("validate", Path.GetDirectoryName(file)!).Should().Be(2);
        _line.Output.ToString().Should().Contain("elsewhere/broken/recipe.yaml:6:1: error:");
    }

    [Fact]
    public void OneRecipe_IsCheckedByItsName()
    {
        _line.Write("recipes/broken/recipe.yaml", Broken);
        _line.Write("recipes/other/recipe.yaml", Broken);
        _line.Environment.Remove("BAKEWORKER__RECIPES");

        _line.Run("validate", "broken").Should().Be(2);

        _line.Output.ToString().Should().Contain("recipes/broken/recipe.yaml:6:1: error:").And.NotContain("other");
    }

    [Fact]
    public void Recipes_ThatBreakThePolicy_AreToldWhere()
    {
        _line.Write(
            "policy.yaml",
            "base: { owners: [amazon, self, '136693071363', '099720109477', '137112412989'] }\nregions: [us-east-1]\n"
        );
        var recipe = Path.Combine(Checkout.File("recipes"), "debian-12-base");

        _line.Run("validate", recipe, "--policy", "policy.yaml", "--region", "eu-west-1").Should().Be(2);

        var lines = _line.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines
            .Should()
            .ContainSingle(line => line.Contains(": error: "))
            .Which.Should()
            .EndWith(
                "recipe.yaml:2:7: error: bakes are built in eu-west-1, which the operator's policy does not allow; it allows us-east-1."
            );
    }

    [Fact]
    public void Policy_WithErrors_IsToldLikeARecipe()
    {
        _line.Write("policy.yaml", "share:\n  publik: true\n");

        _line.Run("validate", Checkout.File("recipes"), "--policy", "policy.yaml").Should().Be(2);

        _line
            .Output.ToString()
            .Should()
            .Contain("policy.yaml:2:3: error: share.publik is not a field of a share policy; did you mean 'public'?");
    }

    [Fact]
    public void Path_ThatIsNotThere_IsAMistake()
    {
        _line.Run("validate", "nowhere").Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("nowhere");
    }
}
