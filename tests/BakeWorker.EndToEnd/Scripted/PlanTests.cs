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

        asked.Should().OnlyContain(action => action.StartsWith("Get") || action.StartsWith("Describe"), "a plan only looks");
        plan.Targets.Should().BeEquivalentTo(new PlannedTargets([], null));
        plan.Effort.Should().BeNull("there is no image yet");
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
        plan.Targets.Unseen.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Plan_AfterABake_SaysWhatThatOneTook()
    {
        using var bakery = Bakery.Open();
        var result = bakery.Bake();

        var effort = Plan(bakery.Get<BakePlanner>(), bakery).Effort!;

        effort.Image.Value.Should().Be(result.Images[Bakery.Region]);
        effort.Took.Should().BeGreaterThan(effort.Builder).And.BeLessThan(result.FinishedAt - result.StartedAt);
        effort.Builder.Should().BeGreaterThan(TimeSpan.FromMinutes(1));
        effort.Tester.Should().BeGreaterThan(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{ "payload": "e30=" }""")]
    [InlineData("""{ "payload": "%%%" }""")]
    [InlineData("""{ "payload": 7 }""")]
    public void Plan_AfterABakeWhoseProofCannotBeRead_SaysNothingOfIt(string envelope)
    {
        using var bakery = Bakery.Open();
        bakery.Bake();
        foreach (var path in bakery.Proofs.Documents.Keys.Where(path => path.EndsWith(".intoto.json")).ToList())
        {
            bakery.Proofs.Documents[path] = System.Text.Encoding.UTF8.GetBytes(envelope);
        }

        Plan(bakery.Get<BakePlanner>(), bakery).Effort.Should().BeNull();
    }

    [Fact]
    public void Plan_OfWhatCouldNotBePublished_SaysWhyAsTheBakeWould()
    {
        using var bakery = Bakery.Open();
        var recipe = bakery.Recipe();
        recipe = recipe with { Publish = recipe.Publish with { LaunchTemplate = "absent" } };

        var plan = Plan(bakery.Get<BakePlanner>(), bakery, recipe);

        plan.IsRefused.Should().BeTrue();
        var obstacle = plan.Targets.Obstacles.Should().ContainSingle().Which;
        bakery.Bake(recipe).Failure!.Message.Should().Contain(obstacle);
    }

    private static BakePlan Plan(BakePlanner planner, Bakery bakery, Core.Recipes.Recipe? recipe = null) =>
        bakery.Time.Run(() => planner.PlanAsync(recipe ?? bakery.Recipe(), new Dictionary<string, string>(), CancellationToken.None));
}
