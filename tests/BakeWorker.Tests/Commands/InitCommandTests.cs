namespace BakeWorker.Tests.Commands;

/// <summary>What a newcomer gets: a recipe that is right, clean and bakes.</summary>
public sealed class InitCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public InitCommandTests() => _line.Environment.Remove("BAKEWORKER__RECIPES");

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Recipe_AsWritten_IsCleanAndBakes()
    {
        _line.Run("init", "hello").Should().Be(0, "{0}", _line.Error);
        _line
            .Output.ToString()
            .Should()
            .ContainAll("recipes/hello/recipe.yaml", "recipes/hello/steps/install.sh", "recipes/hello/tests/app.sh", "recipes/steps/");
        _line.Error.ToString().Should().Contain("'bakeworker bake hello'");

        _line.Run("validate", "--strict", "recipes/hello").Should().Be(0, "{0}", _line.Output);
        _line.Output.ToString().Should().Be("1 recipe: 0 errors\n");
        _line.Run("bake", "hello", "--guest", "scripted", "--param", "greeting=Good morning, you.").Should().Be(0, "{0}", _line.Error);
        _line.Output.ToString().Should().Contain("hello published");
    }

    [Fact]
    public void Recipe_OnTopOfAnother_TakesItsReleasedImages()
    {
        _line.Run("init", "hello", "--from", "debian-12-base", "--owner", "web-team").Should().Be(0, "{0}", _line.Error);

        File.ReadAllText(Path.Combine(_line.Folder, "recipes/hello/recipe.yaml"))
            .Should()
            .ContainAll("parameter: /images/debian-12-base/current", "madeBy: debian-12-base", "owner: web-team")
            .And.NotContainAny("linux/harden,", "@");
        _line.Run("validate", "--strict", "recipes/hello").Should().Be(0, "{0}", _line.Output);
    }

    [Fact]
    public void Folder_ThatIsThere_IsNotTouched()
    {
        _line.Write("recipes/hello/notes.txt", "mine");

        _line.Run("init", "hello").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("recipes/hello is there already");
        Directory.EnumerateFiles(Path.Combine(_line.Folder, "recipes/hello")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("Hello", "cannot name a recipe")]
    [InlineData("../hello", "cannot name a recipe")]
    public void Name_ThatNoRequestCouldSay_IsRefused(string name, string why)
    {
        _line.Run("init", name).Should().Be(2);
        _line.Error.ToString().Should().Contain(why);
    }

    [Fact]
    public void From_ARecipeThatIsNotThere_IsRefused_AndNothingIsWritten()
    {
        _line.Run("init", "hello", "--from", "debian-13-bose").Should().Be(2);

        _line.Error.ToString().Should().Contain("there is no recipe 'debian-13-bose'");
        Directory.Exists(Path.Combine(_line.Folder, "recipes")).Should().BeFalse();
    }
}
