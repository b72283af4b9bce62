using System.Text.Json;
using BakeWorker.LocalCloud;

namespace BakeWorker.Tests.Commands;

public sealed class PlanCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Plan_OfAShippedRecipe_ShowsWhatABakeWouldDo()
    {
        Plan().Should().Be(0, "{0}", _line.Error);

        var text = _line.Output.ToString();
        text.Should().MatchRegex("base +ami-[0-9a-f]+ debian-12-amd64-.* of 136693071363, made on");
        text.Should().MatchRegex("builder +t3.small in subnet-[0-9a-f]+ \\(on-demand\\), then ");
        text.Should().Contain("pin-base > preflight > launch-builder > ").And.Contain(" > publish > retire");
        text.Should().Contain("patch (patch): linux/patch.sh, at most 30m, 3 tries, reboot if needed");
        text.Should().Contain("recipe: no findings of severity high");
        text.Should().Contain("/images/debian-12-base/current").And.Contain("with nobody");
        text.Should().Contain("recipe and base keep the operator's policy").And.Contain("the image can go where it shall");
        text.Should().Contain("nobody knows yet").And.Contain("at your account's prices");
        _line.Guests?.Guests.Should().BeNullOrEmpty();
    }

    [Fact]
    public void Plan_AsJson_IsOneDocument()
    {
        Plan("--json", "--param", "appVersion=1.4.2").Should().Be(0);

        _line.Json.GetProperty("refused").GetBoolean().Should().BeFalse();
        _line.Json.GetProperty("base").GetProperty("owner").GetString().Should().Be("136693071363");
        _line.Json.GetProperty("parameters").GetProperty("appVersion").GetString().Should().Be("1.4.2");
        _line
            .Json.GetProperty("stages")
            .EnumerateArray()
            .Select(stage => stage.GetString())
            .Should()
            .StartWith("pin-base")
            .And.EndWith("retire");
        _line.Json.GetProperty("policy").EnumerateArray().Should().BeEmpty();
        _line.Json.GetProperty("steps")[0].GetProperty("phase").GetString().Should().Be("patch");
        _line.Json.GetProperty("builders")[0].GetProperty("instanceType").GetString().Should().Be("t3.small");
        _line.Json.GetProperty("publish").GetProperty("regions")[0].GetString().Should().Be("eu-central-1");
        _line.Json.GetProperty("publish").GetProperty("public").GetBoolean().Should().BeFalse();
        _line.Json.GetProperty("obstacles").GetArrayLength().Should().Be(0);
        _line.Json.GetProperty("effort").GetProperty("atMostSeconds").GetDouble().Should().BePositive();
    }

    [Fact]
    public void Plan_OfAnImageForEverybody_SaysSo_AndWhatForbidsIt()
    {
        using var recipes = new Testing.RecipeFolder(text =>
            text.Replace("publish:\n", "publish:\n  launchTemplate: web\n  share: { public: true, snapshots: true }\n")
        );

        _line.Run("plan", "debian-12-base", "--guest", "scripted", "--recipes", recipes.Path).Should().Be(3);

        var text = _line.Output.ToString();
        text.Should().MatchRegex("template +web").And.MatchRegex("shared +with everybody, snapshots too");
        text.Should().Contain("shares nothing with everybody").And.Contain("there is no launch template web");
        text.Should().Contain("EC2 makes no encrypted image public");
    }

    [Fact]
    public void Plan_AgainstAPolicyThatForbidsIt_SaysEveryReasonAndEndsAsRejected()
    {
        _line.Write("policy.yaml", "regions: [us-east-1]\nbase: { owners: [amazon] }\nrequire: { tags: [cost-center] }\n");

        Plan("--json", "--policy", "policy.yaml").Should().Be(3);

        _line.Json.GetProperty("refused").GetBoolean().Should().BeTrue();
        Strings("policy", "field").Should().Equal("base.owners", "name", "tags");
        _line
            .Json.GetProperty("base")
            .GetProperty("refusal")
            .GetString()
            .Should()
            .Contain("which the operator's policy does not allow (amazon)");
    }

    [Fact]
    public void Plan_ForPeople_EndsWithTheReasons()
    {
        _line.Write("policy.yaml", "require: { tags: [cost-center] }\n");

        Plan("--policy", "policy.yaml").Should().Be(3);

        _line
            .Output.ToString()
            .TrimEnd()
            .Should()
            .EndWith("✘ the recipe has no tag 'cost-center', which the operator's policy requires; add it.");
    }

    [Fact]
    public void Plan_OfABaseOfAStranger_IsRefusedByPolicyAndTrust()
    {
        using var recipes = new Testing.RecipeFolder(text =>
            text.Replace(
                    "  parameter: /aws/service/debian/release/12/latest/amd64",
                    $"  find: {{ name: 'debian-12-amd64-*', owner: '{LocalCloudDefaults.StrangerAccountId}' }}"
                )
                .Replace("136693071363", LocalCloudDefaults.StrangerAccountId)
        );

        _line.Run("plan", "debian-12-base", "--json", "--guest", "scripted", "--recipes", recipes.Path).Should().Be(3);

        Strings("policy", "field").Should().Equal("base.owners");
        _line.Json.GetProperty("base").GetProperty("refusal").GetString().Should().Contain(LocalCloudDefaults.StrangerAccountId);
    }

    [Fact]
    public void Plan_WithAWrongParameter_IsAMistake()
    {
        Plan("--param", "appVersion=latest").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("appVersion");
    }

    [Fact]
    public void Plan_WithoutItsPolicyFile_IsRefused()
    {
        Plan("--policy", "nowhere.yaml").Should().Be(2);

        _line.Error.ToString().Should().Contain("the policy has errors").And.Contain("nowhere.yaml");
    }

    private int Plan(params string[] args) => _line.Run(["plan", "debian-12-base", "--guest", "scripted", .. args]);

    private IEnumerable<string?> Strings(string list, string name) =>
        _line.Json.GetProperty(list).EnumerateArray().Select((JsonElement item) => item.GetProperty(name).GetString());
}
