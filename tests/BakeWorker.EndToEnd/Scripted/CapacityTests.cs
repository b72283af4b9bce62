using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Pools without room, launches that die, instances that are taken back.</summary>
public sealed class CapacityTests
{
    private static readonly TimeSpan ToRunning = TimeSpan.FromSeconds(6 * 1.2);

    [Theory]
    [InlineData("InsufficientInstanceCapacity")]
    [InlineData("InsufficientHostCapacity")]
    [InlineData("InsufficientVolumeCapacity")]
    [InlineData("InsufficientCapacity")]
    [InlineData("InsufficientFreeAddressesInSubnet")]
    [InlineData("Unsupported")]
    [InlineData("UnfulfillableCapacity")]
    [InlineData("SpotMaxPriceTooLow")]
    [InlineData("MaxSpotInstanceCountExceeded")]
    public void Launch_Refused_TakesTheNextRungWithinFiveSeconds(string code)
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.RefuseLaunches(code, times: 1);

        bakery.Bake(Spot(bakery)).Outcome.Should().Be(Outcome.Published);

        var launches = Launches(bakery);
        (launches[1] - launches[0]).Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("Server.InsufficientInstanceCapacity")]
    [InlineData("Server.InternalError")]
    [InlineData("Server.SpotInstanceTermination")]
    public void Launch_DiesLater_TakesTheNextRungWithinFiveSeconds(string reason)
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.KillLaunches(reason, times: 1);

        bakery.Bake(Spot(bakery)).Outcome.Should().Be(Outcome.Published);

        var launches = Launches(bakery);
        (launches[1] - launches[0]).Should().BeLessThan(ToRunning + TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("Client.InternalError", FailureCodes.AwsDenied, "KMS key")]
    [InlineData("Client.VolumeLimitExceeded", FailureCodes.AwsLimit, "quota")]
    [InlineData("Client.InvalidSnapshot.NotFound", FailureCodes.AwsRejected, "snapshot")]
    public void Launch_DiesForAReasonOfOurs_SaysWhoMustDoWhat(string reason, string code, string advice)
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.KillLaunches(reason);

        var failure = bakery.Bake().Failure!;

        failure.Code.Should().Be(code);
        failure.Message.Should().Contain(reason).And.Contain(advice);
        Launches(bakery).Should().ContainSingle("another pool would not mend it");
    }

    [Fact]
    public void Pool_WithoutRoom_IsLeftAloneByOtherBakesForAWhile()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.RefuseLaunches("InsufficientInstanceCapacity", pool: new("t3.small"));

        bakery.Bake(requestId: "a").Outcome.Should().Be(Outcome.Published);
        var first = Refused(bakery);
        bakery.Bake(requestId: "b").Failure.Should().BeNull();
        var second = Refused(bakery) - first;
        bakery.Time.Run(() => Task.Delay(TimeSpan.FromMinutes(6), bakery.Time));
        bakery.Bake(requestId: "c").Outcome.Should().Be(Outcome.Published);

        first.Should().BeGreaterThan(1);
        second.Should().Be(0);
        Refused(bakery).Should().Be(2 * first);
    }

    [Fact]
    public void Pools_AllCooling_AreTriedAllTheSame()
    {
        using var bakery = Bakery.Open();
        var rungs =
            (bakery.Recipe().Builder.InstanceTypes?.Count ?? bakery.Get<BakeryOptions>().InstanceTypes.Count)
            * bakery.Get<BakeryOptions>().BuilderSubnets.Count;
        bakery.Cloud.Faults.Plan.RefuseLaunches("InsufficientInstanceCapacity", times: rungs);

        bakery.Bake(requestId: "a").Failure!.Code.Should().Be(FailureCodes.NoCapacity);
        bakery.Bake(requestId: "b").Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Spot_TakenBackDuringAStep_GoesOnAtOnceOnDemand()
    {
        using var bakery = Bakery.Open();
        bakery.Scenario.Command("*/step/install/1").Takes(TimeSpan.FromMinutes(5));
        bakery.Cloud.Faults.Plan.InterruptSpot(TimeSpan.FromMinutes(2), times: int.MaxValue);
        var recipe = Spot(bakery);
        recipe = recipe with { Builder = recipe.Builder with { InstanceTypes = ["t3.small"], Subnets = recipe.Builder.Subnets } };

        var lost = FluentActions.Invoking(() => bakery.Time.Run(() => bakery.BakeAsync(recipe, retry: true)));
        var failure = lost.Should().Throw<BakeFailedException>().Which;
        failure.Code.Should().Be(FailureCodes.BuilderLost);
        failure.RetryAfter.Should().Be(TimeSpan.Zero);

        var tries = 1;
        BakeResult? result = null;
        while (result is null && tries++ < 4)
        {
            try
            {
                result = bakery.Time.Run(() => bakery.BakeAsync(recipe, retry: true));
            }
            catch (BakeFailedException again)
            {
                again.Code.Should().Be(FailureCodes.BuilderLost);
            }
        }

        result!
            .Failure.Should()
            .BeNull(
                string.Join("\n", bakery.Log.Lines.Where(l => l.Level > Microsoft.Extensions.Logging.LogLevel.Debug).Select(l => l.Text))
                    + string.Join("\n", bakery.Calls.All.TakeLast(60))
            );
    }

    [Fact]
    public void Spot_TakenBackWhileItSeals_IsNotCaptured()
    {
        using var bakery = Bakery.Open();
        bakery.Scenario.Command("*/seal").StaysOn();
        bakery.Cloud.Faults.Plan.InterruptSpot(TimeSpan.FromMinutes(8), times: int.MaxValue);

        var bake = () => bakery.Time.Run(() => bakery.BakeAsync(Spot(bakery), retry: true));

        bake.Should().Throw<BakeFailedException>().Which.Code.Should().Be(FailureCodes.BuilderLost);
        bakery.Calls.All.Should().NotContain(call => call.Action == "CreateImage");
    }

    [Fact]
    public void Spot_StoppedBeforeItWasSeenRunning_IsNotTakenForSealed()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.InterruptSpot(TimeSpan.Zero, times: 1);

        bakery.Bake(Spot(bakery)).Outcome.Should().Be(Outcome.Published);

        bakery.Log.Lines.Should().Contain(line => line.Text.Contains("SpotInstance") && line.Text.Contains("refused"));
        bakery.Log.Lines.Should().Contain(line => line.Text.Contains("seal ended: success"), "only a sealed builder is captured");
        bakery.Time.Run(bakery.LeftoversAsync).Should().HaveCount(2, "the image and its snapshot");
    }

    [Fact]
    public void Spot_TakenBackWhileItIsScanned_IsNoRejection()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Inspector.Behavior.InstanceScanFailure = "RESOURCE_TERMINATED";
        var sandbox = bakery.Get<BakeryOptions>().SandboxSubnets[0];
        bakery.Cloud.Faults.Plan.InterruptSpot(TimeSpan.FromSeconds(3), new(Subnet: sandbox));

        var bake = () => bakery.Time.Run(() => bakery.BakeAsync(Spot(bakery), retry: true));

        bake.Should().Throw<BakeFailedException>().Which.Code.Should().Be(FailureCodes.BuilderLost);
    }

    [Theory]
    [InlineData("Server.InternalError", null)]
    [InlineData("Client.InternalError", FailureCodes.AwsDenied)]
    public void Spot_ThatDiedAtItsLaunch_NeverComesAgain(string reason, string? code)
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.KillLaunches(reason, times: 1);

        bakery.Bake(Spot(bakery)).Failure?.Code.Should().Be(code);
        bakery.Time.Run(() => Task.Delay(TimeSpan.FromMinutes(10), bakery.Time));

        bakery.Cloud.Ec2.ListOwned().Should().NotContain(resource => resource.Kind == "instance");
    }

    [Fact]
    public void Step_KilledByAGuestThatGoesDown_IsNoFailureOfTheStep()
    {
        using var bakery = Bakery.Open();
        bakery.Scenario.Command("*/step/install/*").PowersOff(TimeSpan.Zero).Fails(143).Once();

        var bake = () => bakery.Time.Run(() => bakery.BakeAsync(retry: true));

        bake.Should().Throw<BakeFailedException>().Which.Code.Should().Be(FailureCodes.BuilderLost);
        bake().Outcome.Should().Be(Outcome.Published);
    }

    private static Recipe Spot(Bakery bakery)
    {
        var recipe = bakery.Recipe();
        return recipe with { Builder = recipe.Builder with { Market = Market.SpotThenOnDemand } };
    }

    private static List<DateTimeOffset> Launches(Bakery bakery) =>
        [.. bakery.Calls.All.Where(call => call.Action == "RunInstances").Select(call => call.At)];

    private static int Refused(Bakery bakery) => bakery.Calls.All.Count(call => call is { Action: "RunInstances", Status: not 200 });
}
