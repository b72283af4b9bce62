using System.Globalization;
using System.Text.RegularExpressions;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What authors need while they write: failures as components mean them, and bakes that stop half way.</summary>
public sealed partial class AuthoringTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Failure_ThatIsIgnored_IsNone()
    {
        _bakery.Scenario.Command("*/step/install/1").Fails(3);

        _bakery.Bake(With(FailurePolicy.Ignore)).Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Failure_ThatContinues_FailsTheBake_WhenTheOtherStepsHaveRun()
    {
        _bakery.Scenario.Command("*/step/install/1").Fails(3);
        var result = _bakery.Bake(WithOneAfter(With(FailurePolicy.Continue)));

        result.Outcome.Should().Be(Outcome.Failed);
        result.Failure!.Step.Should().Be("install");
        _bakery.Guests.Commands.Select(command => command.Comment).Should().Contain(comment => comment.EndsWith("/step/app.after/1"));
        _bakery.Guests.Commands.Should().NotContain(command => command.Comment.Contains("/step/cleanup/"), "the stage has failed");
    }

    [Fact]
    public void Bake_UntilAStep_EndsThere_WithItsBuilderRunning()
    {
        var result = Run(bake => bake with { Until = "harden", KeepFor = TimeSpan.FromHours(1) });

        result.Outcome.Should().Be(Outcome.Cancelled);
        result.Failure!.Code.Should().Be(FailureCodes.StoppedAsAsked);
        var kept = result.Failure.Kept!;
        _bakery.Guests.Commands.Should().NotContain(command => command.Comment.Contains("/step/install/"));
        _bakery.Time.Run(async () => (await _bakery.LeftoversAsync()).Should().Equal(kept.Instance));
        var ours = _bakery.Time.Run(() =>
            _bakery.Get<ICloud>().Home.Instances.ListAsync(new BakeId(result.BakeId), CancellationToken.None)
        );
        ours.Should().ContainSingle(instance => instance.IsKept).Which.Id.Value.Should().Be(kept.Instance);
    }

    [Theory]
    [InlineData(FailurePolicy.Abort, "install", FailureCodes.StepFailed)]
    [InlineData(FailurePolicy.Continue, "install", FailureCodes.StepFailed)]
    [InlineData(FailurePolicy.Continue, "app.after", FailureCodes.StepFailed)]
    [InlineData(FailurePolicy.Ignore, "install", FailureCodes.StoppedAsAsked)]
    public void Bake_UntilAStep_TellsWhatFailedOnTheWay(FailurePolicy policy, string until, string code)
    {
        _bakery.Scenario.Command("*/step/install/1").Fails(3);

        var result = Run(bake => bake with { Until = until, KeepFor = TimeSpan.FromHours(1) }, WithOneAfter(With(policy)));

        result.Failure!.Code.Should().Be(code);
        result.Failure.Step.Should().Be("install");
        result.Failure.Kept.Should().NotBeNull();
        _bakery
            .Guests.Commands.Any(command => command.Comment.EndsWith("/step/app.after/1", StringComparison.Ordinal))
            .Should()
            .Be(until == "app.after");
    }

    [Fact]
    public void Builder_ThatAPersonKeeps_DoesNotEndItselfBefore()
    {
        var start = _bakery.Time.GetUtcNow();

        var kept = Run(bake => bake with { Until = "harden", KeepFor = TimeSpan.FromHours(9) }).Failure!.Kept!;

        var left = Left().Match(_bakery.Guests.Commands[0].Guest.UserData).Groups["end"].Value;
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(left, CultureInfo.InvariantCulture)).Should().BeAfter(kept.Until);
        kept.Until.Should().BeAfter(start + TimeSpan.FromHours(9));
    }

    [Fact]
    public void Bake_ThatFails_KeepsItsBuilder_WhenAPersonAskedForIt_AndNoneWhereNobodyCouldGetIn()
    {
        _bakery.Scenario.Command("*/step/install/1").Fails(3);
        var recipe = _bakery.Recipe();

        Run(bake => bake with { KeepFor = TimeSpan.FromHours(1) }).Failure!.Kept.Should().NotBeNull();
        Run(
            bake => bake with { KeepFor = TimeSpan.Zero },
            recipe with
            {
                Builder = recipe.Builder with { KeepFor = TimeSpan.FromHours(1) },
            },
            "test-2"
        )
            .Failure!.Kept.Should()
            .BeNull();
    }

    [Theory]
    [InlineData("score=71\nfailed=2\n", Outcome.Published)]
    [InlineData("score=70\n", Outcome.Published)]
    [InlineData("score=69.9\nfailed=12\n", Outcome.Rejected)]
    [InlineData("all is well\n", Outcome.Rejected)]
    public void Score_BelowTheLeast_OrNone_RejectsTheImage(string output, Outcome outcome)
    {
        _bakery.Scenario.Command("*/test/sshd").Prints(output);
        var recipe = _bakery.Recipe();
        recipe = recipe with { Tests = [.. recipe.Tests.Select(test => test.Name == "sshd" ? test with { Least = 70 } : test)] };

        var result = _bakery.Bake(recipe);

        result.Outcome.Should().Be(outcome);
        var check = result.Checks!.Single(check => check.Name == "test sshd");
        if (output.StartsWith("score", StringComparison.Ordinal))
        {
            check.Score.Should().NotBeNull();
            check.Detail.Should().Contain("of 100");
        }

        if (outcome == Outcome.Rejected)
        {
            result.Failure!.Code.Should().Be(FailureCodes.TestFailed);
            result.Failure.Message.Should().Contain("at least 70 is asked");
        }
    }

    [Fact]
    public void Document_ByItsName_IsAStepLikeOthers()
    {
        _bakery.Scenario.Command("*/step/agent/1").Fails(9, "no such package").Once();

        var result = _bakery.Bake(WithDocument("AWS-ConfigureAWSPackage"));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        _bakery.Guests.Commands.Count(command => command.Comment.Contains("/step/agent/")).Should().Be(2, "it was tried again");
    }

    [Fact]
    public void Document_ThatTheAccountDoesNotHave_MakesTheBakeInvalid_AndIsNamed()
    {
        var result = _bakery.Bake(WithDocument("House-InstallAgent"));

        result.Outcome.Should().Be(Outcome.Invalid);
        result.Failure!.Message.Should().Contain("House-InstallAgent");
        _bakery.Time.Run(async () => (await _bakery.LeftoversAsync()).Should().BeEmpty());
    }

    [Fact]
    public void Score_OfATestThatFailed_IsNoPass()
    {
        _bakery.Scenario.Command("*/test/sshd").Prints("score=100\n").Fails(4);
        var recipe = _bakery.Recipe();
        recipe = recipe with { Tests = [.. recipe.Tests.Select(test => test.Name == "sshd" ? test with { Least = 70 } : test)] };

        var result = _bakery.Bake(recipe);

        result.Outcome.Should().Be(Outcome.Rejected);
        result.Failure!.Message.Should().Contain("exit code 4");
    }

    private Recipe WithDocument(string document)
    {
        var recipe = _bakery.Recipe();
        var step = new Step
        {
            Name = "agent",
            Phase = StepPhase.Install,
            Document = document,
            DocumentParameters = new Dictionary<string, string> { ["action"] = "Install", ["name"] = "AmazonCloudWatchAgent" },
            Retries = 1,
        };
        return recipe with { Steps = [.. recipe.Steps.SkipLast(1), step, recipe.Steps[^1]] };
    }

    private Recipe With(FailurePolicy policy)
    {
        var recipe = _bakery.Recipe();
        return recipe with { Steps = [.. recipe.Steps.Select(step => step.Name == "install" ? step with { OnFailure = policy } : step)] };
    }

    private static Recipe WithOneAfter(Recipe recipe) =>
        recipe with
        {
            Steps =
            [
                .. recipe.Steps.SelectMany(step => step.Name == "install" ? [step, step with { Name = "app.after" }] : new[] { step }),
            ],
        };

    [GeneratedRegex(@"left=\$\(\((?<end>[0-9]+) - ", RegexOptions.ExplicitCapture)]
    private static partial Regex Left();

    private BakeResult Run(Func<Bake, Bake> change, Recipe? recipe = null, string requestId = "test-1")
    {
        recipe ??= _bakery.Recipe();
        var bake = _bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = recipe.Name, RequestId = requestId }, recipe);
        return _bakery.Time.Run(() => _bakery.RunAsync(change(bake)));
    }
}
