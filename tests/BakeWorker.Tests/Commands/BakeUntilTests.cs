using System.Text.Json;

namespace BakeWorker.Tests.Commands;

/// <summary><c>bake --until</c> and <c>--keep</c>: authors stop where they want to look, and keep what failed.</summary>
public sealed class BakeUntilTests : IDisposable
{
    private const string Component =
        "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n"
        + "      - { name: One, action: ExecuteBash, inputs: { commands: ['true'] } }\n"
        + "      - { name: Two, action: ExecuteBash, inputs: { commands: ['true'] } }\n";
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Until_AStep_RunsItAndNothingAfterIt_AndIsNoFailure()
    {
        _line.Bake("--until", "harden", "--json").Should().Be(0, "{0}", _line.Error);

        _line.Json.GetProperty("outcome").GetString().Should().Be("cancelled");
        Failure.GetProperty("code").GetString().Should().Be("stopped-as-asked");
        Ran("harden").Should().BeTrue();
        Ran("install").Should().BeFalse();
        KeptFor().Should().BeCloseTo(TimeSpan.FromHours(4), TimeSpan.FromMinutes(1));
        _line.Error.ToString().Should().Contain($"{Kept} only pretended to be a machine").And.NotContain("runs as long as");
    }

    [Fact]
    public void Until_AComponent_RunsAllItsSteps()
    {
        var folder = Init(text =>
            text.Replace(
                "  - { name: cleanup,",
                "  - { name: tool, phase: install, component: components/tool.yaml }\n  - { name: cleanup,"
            )
        );
        _line.Write($"{folder}/components/tool.yaml", Component);

        _line.Run("bake", "hello", "--guest", "scripted", "--until", "tool").Should().Be(0, "{0}", _line.Error);

        Ran("tool.one").Should().BeTrue();
        Ran("tool.two").Should().BeTrue();
        Ran("cleanup").Should().BeFalse();
    }

    [Fact]
    public void Until_NoStep_IsAMistake_BeforeAnythingStarts()
    {
        _line.Bake("--until", "hardn").Should().Be(2);

        _line
            .ErrorLines.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("--until hardn is no step of debian-12-base; did you mean 'harden'?");
        _line.Guests.Should().BeNull();
    }

    [Fact]
    public void Keep_LeavesTheBuilderOfABakeThatFails()
    {
        _line.Scenario.Command("*/step/install*").Fails(3);

        _line.Bake("--keep", "--json").Should().Be(1);

        Failure.GetProperty("code").GetString().Should().Be("step-failed");
        KeptFor().Should().BeCloseTo(TimeSpan.FromHours(4), TimeSpan.FromMinutes(1));
        Failure.GetProperty("kept").GetProperty("access").GetString().Should().Be($"bakeworker shell {Kept}");
    }

    [Fact]
    public void Keep_StaysAsLongAsTheRecipeSays_ButOnThisMachineOnlyWhenAsked()
    {
        Init(text => text.Replace("builder:\n", "builder:\n  keep: on-failure\n  keepFor: 90m\n"));
        _line.Scenario.Command("*/step/install*").Fails(3);

        _line.Run("bake", "hello", "--guest", "scripted", "--json", "--keep").Should().Be(1, "{0}", _line.Error);
        KeptFor().Should().BeCloseTo(TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(1));

        _line.Run("bake", "hello", "--guest", "scripted", "--json").Should().Be(1);
        Failure.TryGetProperty("kept", out _).Should().BeFalse("nobody could get in after this command has ended");
    }

    [Fact]
    public void Keep_OfABakeThatIsPublished_IsNothing()
    {
        _line.Bake("--keep", "--json").Should().Be(0, "{0}", _line.Error);

        _line.Json.GetProperty("outcome").GetString().Should().Be("published");
        _line.Guests!.Guests.Should().NotBeEmpty().And.OnlyContain(guest => !guest.IsOn);
    }

    private JsonElement Failure => _line.Json.GetProperty("failure");
    private string Kept => Failure.GetProperty("kept").GetProperty("instance").GetString()!;

    private TimeSpan KeptFor() =>
        Failure.GetProperty("kept").GetProperty("until").GetDateTimeOffset() - _line.Json.GetProperty("finishedAt").GetDateTimeOffset();

    private bool Ran(string step) =>
        _line.Guests!.Commands.Any(command => command.Comment.EndsWith($"/step/{step}/1", StringComparison.Ordinal));

    private string Init(Func<string, string> change)
    {
        _line.Environment.Remove("BAKEWORKER__RECIPES");
        _line.Run("init", "hello").Should().Be(0, "{0}", _line.Error);
        var file = Path.Combine(_line.Folder, "recipes/hello/recipe.yaml");
        File.WriteAllText(file, change(File.ReadAllText(file)));
        return "recipes/hello";
    }
}
