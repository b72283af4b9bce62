using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What can go wrong in a bake: one clear failure each, and nothing left behind.</summary>
public sealed class BadBakeTests
{
    [Fact]
    public void Base_OwnedBySomebodyElse_IsRefused() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.BaseUntrusted,
            with: recipe => recipe with { Base = recipe.Base with { Owners = ["amazon"] } }
        );

    [Fact]
    public void Base_Unknown_IsRefused() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.BaseNotFound,
            with: recipe => recipe with { Base = recipe.Base with { Parameter = "/aws/service/debian/release/99/latest/amd64" } }
        );

    [Fact]
    public void Base_TooOld_IsRefused() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.BaseTooOld,
            with: recipe => recipe with { Base = recipe.Base with { MaxAge = TimeSpan.FromDays(1) } }
        );

    [Fact]
    public void Base_OfAnotherArchitecture_IsRefused() =>
        Expect(Outcome.Rejected, FailureCodes.BaseUnsuitable, with: recipe => recipe with { Architecture = Architecture.Arm64 });

    [Fact]
    public void Capacity_Nowhere_IsTransientFirst_AndFailsInTheEnd() =>
        Expect(Outcome.Failed, FailureCodes.NoCapacity, bakery => bakery.Cloud.Faults.Plan.RefuseLaunches("InsufficientInstanceCapacity"));

    [Fact]
    public void Agent_NeverOnline_SaysSo() =>
        Expect(Outcome.Failed, FailureCodes.AgentSilent, bakery => bakery.Scenario.Guest().ForRole("builder").HasAgent(false));

    [Fact]
    public void Step_ExitsThree_SaysWhichAndShowsItsLastLines()
    {
        var failure = Expect(
            Outcome.Failed,
            FailureCodes.StepFailed,
            bakery => bakery.Scenario.Command("*/step/install/*").Fails(3, "E: the disk is full")
        );

        failure.Step.Should().Be("install");
        failure.Stage.Should().Be("apply-steps");
        failure.Message.Should().Contain("exit code 3");
        failure.Evidence.Should().Contain("the disk is full");
    }

    [Fact]
    public void Step_FailsOnceOfTwoTries_IsForgiven()
    {
        using var bakery = Bakery.Open();
        bakery.Scenario.Command("*/step/patch/1").Fails(100);

        bakery.Bake().Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Step_Hangs_IsKilledAtItsTimeout() =>
        Expect(Outcome.Failed, FailureCodes.StepTimedOut, bakery => bakery.Scenario.Command("*/step/harden/*").Hangs())
            .Step.Should()
            .Be("harden");

    [Fact]
    public void Step_TakesTheAgentDown_EndsAsTransient() =>
        Expect(Outcome.Failed, FailureCodes.StepUndelivered, bakery => bakery.Scenario.Command("*/step/install/*").LosesAgent());

    [Fact]
    public void Step_PowersTheBuilderOff_IsLost() =>
        Expect(
            Outcome.Failed,
            FailureCodes.BuilderLost,
            bakery => bakery.Scenario.Command("*/step/install/*").PowersOff(TimeSpan.Zero).Takes(TimeSpan.FromMinutes(5))
        );

    [Fact]
    public void Hygiene_FindsSomething_Rejects() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.HygieneFailed,
            bakery => bakery.Scenario.Command("*/hygiene/builder").Fails(20, "private-key\t/root/.ssh/id_ed25519\t3 lines")
        )
            .Evidence.Should()
            .Contain("/root/.ssh/id_ed25519");

    [Fact]
    public void Hygiene_BreaksItself_NeverPasses() =>
        Expect(Outcome.Failed, FailureCodes.StepFailed, bakery => bakery.Scenario.Command("*/hygiene/builder").Fails(1));

    [Fact]
    public void Seal_NeverPowersOff_MakesNoImage() =>
        Expect(Outcome.Failed, FailureCodes.SealFailed, bakery => bakery.Scenario.Command("*/seal").StaysOn());

    [Fact]
    public void Image_GoesToFailed_IsRemoved() =>
        Expect(Outcome.Failed, FailureCodes.CaptureFailed, bakery => bakery.Cloud.Faults.Plan.FailImages());

    [Fact]
    public void Tester_DoesNotBoot_ShowsItsConsole() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.BootTestFailed,
            bakery => bakery.Scenario.Guest().ForRole("tester").BootFails("Kernel panic - not syncing")
        )
            .Evidence.Should()
            .Contain("Kernel panic");

    [Fact]
    public void Tester_WithoutAgent_IsNoPass() =>
        Expect(Outcome.Rejected, FailureCodes.BootTestFailed, bakery => bakery.Scenario.Guest().ForRole("tester").HasAgent(false));

    [Fact]
    public void Hygiene_OnTheTester_Rejects() =>
        Expect(Outcome.Rejected, FailureCodes.HygieneFailed, bakery => bakery.Scenario.Command("*/hygiene/tester").Fails(20));

    [Fact]
    public void Test_Fails_SaysWhich() =>
        Expect(Outcome.Rejected, FailureCodes.TestFailed, bakery => bakery.Scenario.Command("*/test/sshd").Fails(1))
            .Step.Should()
            .Be("sshd");

    [Fact]
    public void Scan_NeverRuns_IsNoPass() =>
        Expect(Outcome.Rejected, FailureCodes.ScanTimedOut, bakery => bakery.Cloud.Inspector.Behavior.NeverFinishes = true);

    [Fact]
    public void Scan_SaysItCannot_IsNoPass() =>
        Expect(Outcome.Rejected, FailureCodes.ScanFailed, bakery => bakery.Cloud.Inspector.Behavior.InstanceScanFailure = "UNSUPPORTED_OS")
            .Message.Should()
            .Contain("UNSUPPORTED_OS");

    [Fact]
    public void Findings_AboveTheCeiling_BlockAndExplain()
    {
        var old = new PackageList("Debian:12", [new Package("libssl3", "3.0.9-1", "openssl", "amd64")]);
        var failure = Expect(
            Outcome.Rejected,
            FailureCodes.FindingsBlocked,
            bakery => bakery.Scenario.Guest().Packages(old),
            recipe => recipe with { Scan = recipe.Scan with { Block = new BlockSpec { Severity = Core.Cloud.Severity.Low } } }
        );

        failure.Evidence.Should().Contain("libssl3").And.Contain("fixed in");
    }

    [Fact]
    public void CopyInAnotherRegion_Fails_PublishesNowhere() =>
        Expect(
            Outcome.Failed,
            FailureCodes.CopyFailed,
            bakery => bakery.Cloud.Faults.Plan.FailImages(times: int.MaxValue, name: "*", region: "us-east-1"),
            recipe => recipe with { Publish = recipe.Publish with { Regions = ["us-east-1"] } }
        );

    [Fact]
    public void Publication_BrokenOffAfterThePointerMoved_LeavesNoPointerWithoutItsImage()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.Calls("ec2", "CreateTags").Nth(5).Always().Throttled();

        var result = bakery.Bake();

        result.Failure!.Code.Should().Be(FailureCodes.AwsThrottled);
        bakery.Time.Run(async () =>
        {
            var home = bakery.Get<Core.Cloud.ICloud>().Home;
            var pointer = await home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None);
            var images = await home.Images.ListAsync(null, CancellationToken.None);
            images.Select(image => image.Id).Should().Equal(pointer is null ? [] : [pointer.Image]);
        });
    }

    private static ResultFailure Expect(Outcome outcome, string code, Action<Bakery>? trouble = null, Func<Recipe, Recipe>? with = null)
    {
        using var bakery = Bakery.Open();
        trouble?.Invoke(bakery);
        var recipe = bakery.Recipe();

        var result = bakery.Bake(with?.Invoke(recipe) ?? recipe);

        result.Failure!.Code.Should().Be(code, result.Failure.Message);
        result.Outcome.Should().Be(outcome);
        result.Images.Should().BeEmpty();
        result.Failure.Message.Should().EndWith(".").And.NotContain("\n");
        bakery.Time.Run(async () =>
        {
            (await bakery.LeftoversAsync()).Should().BeEmpty();
            (await bakery.Get<Core.Cloud.ICloud>().Home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None))
                .Should()
                .BeNull();
        });
        return result.Failure;
    }
}
