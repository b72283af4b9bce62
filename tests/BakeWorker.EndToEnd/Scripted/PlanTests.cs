using BakeWorker.Core.Cloud;
using BakeWorker.Core.Planning;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>A plan says what a bake then does, and changes nothing.</summary>
public sealed class PlanTests
{
    [Fact]
    public void Plan_IsWhatTheBakeThenDoes()
    {
        using var bakery = Bakery.Open();

        var plan = Plan(bakery.Get<BakePlanner>(), bakery);
        var asked = bakery.Calls.All.Select(call => call.Action).ToList();
        var result = bakery.Bake();

        asked.Should().BeEquivalentTo("GetParameter", "DescribeImages", "GetCallerIdentity");
        plan.IsRefused.Should().BeFalse();
        result.BaseImage.Should().Be(plan.Base.Image!.Id.Value);
        result.Stages.Select(stage => stage.Name).Should().BeEquivalentTo(plan.Stages);
        bakery.Guests.Guests[0].Spec.InstanceType.Should().Be(plan.Builders[0].InstanceType);
        result.Images.Keys.Should().Equal(plan.Regions);
    }

    [Fact]
    public void Plan_WithoutAws_StillShowsTheRest()
    {
        using var bakery = Bakery.Open();
        using var worker = bakery.Hire("cut off");
        worker.Line.Breaks = (_, _) => true;

        var plan = Plan(worker.Get<BakePlanner>(), bakery);

        plan.Base.Should().BeEquivalentTo(new { Image = (BaseImage?)null, Refusal = (string?)null });
        plan.Base.Obstacle.Should().NotBeNullOrEmpty();
        plan.IsRefused.Should().BeFalse();
        plan.Builders.Should().NotBeEmpty();
    }

    private static BakePlan Plan(BakePlanner planner, Bakery bakery) =>
        bakery.Time.Run(() => planner.PlanAsync(bakery.Recipe(), new Dictionary<string, string>(), CancellationToken.None));
}
