using BakeWorker.Core.Bakes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class BakeCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Bake_OfAGoodRecipe_TellsTimelineImageAndPointer()
    {
        var exit = _line.Bake();

        exit.Should().Be(0, "{0}", _line.Error);
        _line
            .Output.ToString()
            .Should()
            .MatchRegex(@"ami-[0-9a-f]{17} in eu-central-1")
            .And.Contain("/images/debian-12-base/current")
            .And.Contain("published")
            .And.ContainAll("pin-base", "capture-image", "boot-test", "publish", "━")
            .And.Contain("scripted (no step really ran)");
        _line.Error.ToString().Should().ContainAll("apply-steps", "hygiene sweep", "done in");
    }

    [Fact]
    public void Bake_NotOnAScreen_WritesNoEscapeSequence()
    {
        _line.Bake();

        (_line.Output.ToString() + _line.Error).Should().NotContain("\u001b");
    }

    [Fact]
    public void Bake_OnAScreen_IsColoured_UnlessNoColorIsSet()
    {
        _line.IsScreen = true;
        _line.Run("bake", "debian-12-base", "--guest", "scripted");
        _line.Output.ToString().Should().Contain("\u001b[");

        _line.Environment["NO_COLOR"] = "1";
        _line.Run("bake", "debian-12-base", "--guest", "scripted");
        (_line.Output.ToString() + _line.Error).Should().NotContain("\u001b");
    }

    [Fact]
    public void Timeline_OnANarrowScreen_KeepsEachStageOnItsLine()
    {
        (_line.IsScreen, _line.Width) = (true, 60);

        _line.Bake().Should().Be(0);

        var bars = _line.Output.ToString().Split('\n').Where(line => line.Contains('━')).ToList();
        bars.Should().HaveCountGreaterThan(10).And.OnlyContain(line => line.Contains(" s"));
    }

    [Fact]
    public void Bake_AsJson_WritesOneDocumentAndNothingElse()
    {
        var exit = _line.Bake("--json", "--request-id", "ci-1");

        exit.Should().Be(0);
        var result = _line.Json;
        result.GetProperty("outcome").GetString().Should().Be("published");
        result.GetProperty("guest").GetString().Should().Be("scripted");
        result.GetProperty("requestId").GetString().Should().Be("ci-1");
        result.GetProperty("images").GetProperty("eu-central-1").GetString().Should().StartWith("ami-");
        _line.Error.ToString().Should().Contain("publish");
    }

    [Fact]
    public void Bake_OfTheSameRequestAgain_FindsItsImage()
    {
        _line.Bake("--json", "--request-id", "same");
        var first = _line.Json.GetProperty("images").ToString();

        _line.Bake("--json", "--request-id", "same");

        _line.Json.GetProperty("images").ToString().Should().Be(first);
        _line.Guests!.Commands.Should().NotContain(command => command.Comment.Contains("/step/"));
    }

    [Fact]
    public void Bake_InAnotherRegion_BuildsThere()
    {
        _line.Bake("--json", "--region", "us-east-1");

        _line.Json.GetProperty("images").GetProperty("us-east-1").GetString().Should().StartWith("ami-");
    }

    [Fact]
    public void DryRun_ChangesNothing()
    {
        var exit = _line.Bake("--dry-run", "--json");

        exit.Should().Be(0);
        _line.Json.GetProperty("outcome").GetString().Should().Be("skipped");
        _line.Guests!.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Bake_OfAnUnknownRecipe_IsOneSentenceWithWhatThereIs()
    {
        var exit = _line.Run("bake", "debian-12-bas");

        exit.Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("debian-12-base").And.NotContain("   at ");
        _line.Output.ToString().Should().BeEmpty();
    }

    [Fact]
    public void Bake_OfAnUnknownRecipe_AsJson_IsAnInvalidResult()
    {
        var exit = _line.Run("bake", "nope", "--json");

        exit.Should().Be(2);
        _line.Json.GetProperty("outcome").GetString().Should().Be("invalid");
        _line.Json.GetProperty("failure").GetProperty("code").GetString().Should().Be("recipe-unknown");
    }

    [Theory]
    [InlineData("$(touch /tmp/x)")]
    [InlineData("1.0.0'; reboot; '")]
    [InlineData("1.0.0\n1.0.0")]
    [InlineData("{{ ssm:/secret }}")]
    [InlineData("one")]
    public void Bake_WithAParameterThatBreaksItsPattern_StartsNothing(string value)
    {
        var exit = _line.Bake("--param", $"appVersion={value}");

        exit.Should().Be(2);
        _line.Error.ToString().Should().Contain("appVersion");
        _line.Guests.Should().BeNull("nothing is started for a request that cannot be carried out");
        _line.Guests?.Guests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("appVersion")]
    [InlineData("=1")]
    public void Param_ThatIsNoPair_IsRefused(string text)
    {
        _line.Bake("--param", text).Should().Be(2);
        _line.Error.ToString().Should().Contain("NAME=VALUE");
    }

    [Fact]
    public void Param_GivenTwice_IsRefused()
    {
        _line.Bake("--param", "appVersion=1.0.0", "--param", "appVersion=2.0.0").Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("twice");
    }

    [Fact]
    public void Step_ThatFails_ExitsWith1_AndNamesCodeActorAndEvidence()
    {
        _line.Scenario.Command("*/step/install*").Fails(3, "no such mirror");

        var exit = _line.Bake();

        exit.Should().Be(1);
        _line
            .Output.ToString()
            .Should()
            .ContainAll("step-failed", "exit code 3", "apply-steps, step install", "recipe author", "no such mirror");
        KeptImages().Should().BeEmpty();
        _line.Guests!.Guests.Should().OnlyContain(guest => !guest.IsOn);
    }

    [Fact]
    public void Step_ThatWritesTerminalCodes_DoesNotReachTheTerminalWithThem()
    {
        _line.Scenario.Command("*/step/install*").Fails(3, "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \0 end");

        _line.Bake().Should().Be(1);

        _line.Output.ToString().Should().Contain("red \uFFFD]0;title\uFFFD \uFFFD end").And.NotContainAny("\u001b", "\u0007", "\0");
    }

    [Fact]
    public void Test_ThatFails_ExitsWith3()
    {
        _line.Scenario.Command("*/test/sshd*").Fails();

        _line.Bake("--json").Should().Be(3);

        _line.Json.GetProperty("outcome").GetString().Should().Be("rejected");
        _line.Json.GetProperty("failure").GetProperty("step").GetString().Should().Be("sshd");
        KeptImages().Should().BeEmpty();
    }

    [Fact]
    public void Bake_ThatIsInterrupted_CleansUpAndExitsWith4()
    {
        using var interrupt = new CancellationTokenSource();
        _line
            .Scenario.Command("*/step/harden*")
            .Answers(_ =>
            {
                interrupt.Cancel();
                return new GuestExit(0, "", "");
            });

        var exit = _line.Run(interrupt.Token, "bake", "debian-12-base", "--guest", "scripted", "--json");

        exit.Should().Be(4);
        _line.Json.GetProperty("outcome").GetString().Should().Be("cancelled");
        _line.Json.GetProperty("stages").EnumerateArray().Should().NotBeEmpty();
        _line.Guests!.Guests.Should().HaveCount(1).And.OnlyContain(guest => !guest.IsOn);
    }

    [Fact]
    public void Bake_OfAFolderThatIsInterrupted_KeepsTheNameAndIdOfTheBake()
    {
        using var interrupt = new CancellationTokenSource();
        _line
            .Scenario.Command("*/step/harden*")
            .Answers(_ =>
            {
                interrupt.Cancel();
                return new GuestExit(0, "", "");
            });
        string[] request = [Checkout.File("recipes/debian-12-base"), "--guest", "scripted", "--json", "--request-id", "once"];

        _line.Run(interrupt.Token, ["bake", .. request]).Should().Be(4);

        _line.Json.GetProperty("recipe").GetString().Should().Be("debian-12-base");
        _line.Json.GetProperty("bakeId").GetString().Should().Be(BakeId.For("debian-12-base", "once").Value);
    }

    [Fact]
    public void Caller_WithATraceParent_FindsItsTraceInTheResult()
    {
        _line.Environment["TRACEPARENT"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        _line.Bake("--json");

        _line.Json.GetProperty("traceId").GetString().Should().Be("0af7651916cd43dd8448eb211c80319c");
    }

    private string[] KeptImages() =>
        Directory.Exists(Path.Combine(_line.Folder, ".local"))
            ? Directory.GetFiles(Path.Combine(_line.Folder, ".local"), "ami-*.json", SearchOption.AllDirectories)
            : [];
}
