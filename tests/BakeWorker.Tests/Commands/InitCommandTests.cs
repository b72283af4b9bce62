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
            .ContainAll("parameter: /images/debian-12-base/current", "madeBy: debian-12-base", "owner: 'web-team'")
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

    [Fact]
    public void File_ThatIsThere_IsNotTouched()
    {
        var file = _line.Write("recipes/hello", "mine");

        _line.Run("init", "hello").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("recipes/hello is there already");
        File.ReadAllText(file).Should().Be("mine");
    }

    [Fact]
    public void Scripts_MayBeRun_AndWhoeverAnswersIsNamed()
    {
        _line.Run("init", "hello").Should().Be(0, "{0}", _line.Error);

        File.ReadAllText(Path.Combine(_line.Folder, "recipes/hello/recipe.yaml")).Should().Contain("owner: 'my-team'");
        if (!OperatingSystem.IsWindows())
        {
            foreach (var script in new[] { "recipes/hello/steps/install.sh", "recipes/hello/tests/app.sh" })
            {
                File.GetUnixFileMode(Path.Combine(_line.Folder, script)).Should().HaveFlag(UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public void Library_OfOnesOwn_IsLeftAsItIs_AndWhatItLacksIsTold()
    {
        var patch = _line.Write("recipes/steps/linux/patch.sh", "#!/bin/sh\nset -eu\n");

        _line.Run("init", "hello").Should().Be(2);

        _line.Error.ToString().Should().Contain("the recipe is written, but does not fit here").And.Contain("linux/harden");
        Directory.GetFiles(Path.Combine(_line.Folder, "recipes/steps"), "*", SearchOption.AllDirectories).Should().Equal(patch);
    }

    [Fact]
    public void Recipe_OnTopOfOneForArm_IsForArm_AndSaysWhatToBakeFirst()
    {
        _line.Run("init", "hello", "--from", "debian-12-base-arm64").Should().Be(0, "{0}", _line.Error);

        File.ReadAllText(Path.Combine(_line.Folder, "recipes/hello/recipe.yaml")).Should().Contain("architecture: arm64");
        _line.Error.ToString().Should().Contain("next: 'bakeworker bake debian-12-base-arm64', 'bakeworker bake hello'");
        _line.Run("validate", "--strict", "recipes/hello").Should().Be(0, "{0}", _line.Output);
    }

    [Fact]
    public void From_ARecipeForWindows_IsRefused_AndNothingIsWritten()
    {
        _line.Run("init", "hello", "--from", "windows-server-2022-base").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("the steps that are written here are for Linux");
        Directory.Exists(Path.Combine(_line.Folder, "recipes")).Should().BeFalse();
    }

    [Fact]
    public void From_ARecipeWithoutAPointer_IsRefused_AndNothingIsWritten()
    {
        _line.Run("init", "quiet").Should().Be(0, "{0}", _line.Error);
        var recipe = Path.Combine(_line.Folder, "recipes/quiet/recipe.yaml");
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("publish:\n  pointer: /images/quiet/current\n", ""));

        _line.Run("init", "hello", "--from", "quiet").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("it publishes no pointer");
        Directory.Exists(Path.Combine(_line.Folder, "recipes/hello")).Should().BeFalse();
    }

    [Theory]
    [InlineData("Hello", "cannot name a recipe")]
    [InlineData("../hello", "cannot name a recipe")]
    [InlineData("steps", "the folder of the step library")]
    public void Name_ThatNoRequestCouldSay_IsRefused(string name, string why)
    {
        _line.Run("init", name).Should().Be(2);
        _line.Error.ToString().Should().Contain(why);
        Directory.Exists(Path.Combine(_line.Folder, "recipes")).Should().BeFalse();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("- team: web @here")]
    [InlineData("12")]
    public void Owner_IsText_WhateverYamlWouldMakeOfIt(string owner)
    {
        _line.Run("init", "hello", $"--owner={owner}").Should().Be(0, "{0}", _line.Error);
        _line.Run("validate", "--strict", "recipes/hello").Should().Be(0, "{0}", _line.Output);
    }

    [Theory]
    [InlineData("web, mobile")]
    [InlineData("it's us")]
    [InlineData("web\nteam")]
    public void Owner_ThatIsNoTag_IsRefused_AndNothingIsWritten(string owner)
    {
        _line.Run("init", "hello", $"--owner={owner}").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("cannot be the owner");
        Directory.Exists(Path.Combine(_line.Folder, "recipes")).Should().BeFalse();
    }

    [Fact]
    public void From_ARecipeThatIsNotThere_IsRefused_AndNothingIsWritten()
    {
        _line.Run("init", "hello", "--from", "debian-13-bose").Should().Be(2);

        _line.Error.ToString().Should().Contain("there is no recipe 'debian-13-bose'");
        Directory.Exists(Path.Combine(_line.Folder, "recipes")).Should().BeFalse();
    }
}
