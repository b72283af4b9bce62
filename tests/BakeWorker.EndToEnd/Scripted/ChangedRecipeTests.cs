using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>A recipe that is edited, or deployed anew, between two attempts: an image names one digest and is of that one alone.</summary>
public sealed class ChangedRecipeTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();
    private readonly Recipe _before;
    private readonly Recipe _after;

    public ChangedRecipeTests()
    {
        _before = _bakery.Recipe();
        _after = _before with { Digest = "sha256:after" };
    }

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Recipe_ChangedInTheMiddleOfItsSteps_IsCarriedOutFromTheStart()
    {
        _bakery.Scenario.Command("*/step/install/*").Takes(TimeSpan.FromMinutes(12)).Once();
        BreakOff(TimeSpan.FromMinutes(10));

        Finish(_after);

        Ran("step/patch/1").Should().Be(2, "what the recipe said before counts no more");
        _bakery.Guests.Guests.Should().HaveCount(3, "two builders and a tester");
    }

    [Fact]
    public void Recipe_ChangedAfterItsCapture_IsCapturedAnew()
    {
        _bakery.Cloud.Inspector.Behavior.NeverFinishes = true;
        BreakOff(TimeSpan.FromMinutes(40));
        var old = Images().Should().ContainSingle().Subject;
        _bakery.Cloud.Inspector.Behavior.NeverFinishes = false;

        Finish(_after);

        Images().Should().ContainSingle().Which.Should().NotBe(old);
        Ran("step/patch/1").Should().Be(2);
    }

    [Fact]
    public void Recipe_Unchanged_IsGoneOnWith()
    {
        _bakery.Scenario.Command("*/step/install/*").Takes(TimeSpan.FromMinutes(12)).Once();
        BreakOff(TimeSpan.FromMinutes(10));

        Finish(_before);

        Ran("step/patch/1").Should().Be(1);
        _bakery.Guests.Guests.Should().HaveCount(2);
    }

    private void BreakOff(TimeSpan after) =>
        _bakery.Time.Run(async () =>
        {
            using var death = new CancellationTokenSource(after, _bakery.Time);
            var request = new BakeRequest { Recipe = _before.Name, RequestId = "test-1" };
            var bake = _bakery.Get<BakeIntake>().Create(request, _before);
            var attempt = () => _bakery.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, true, death.Token);
            await attempt.Should().ThrowAsync<OperationCanceledException>();
        });

    private void Finish(Recipe recipe)
    {
        var result = _bakery.Bake(recipe);

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.RecipeDigest.Should().Be(recipe.Digest);
        _bakery
            .Cloud.Ec2.ListOwned()
            .Where(owned => owned.Kind == "image")
            .Should()
            .ContainSingle()
            .Which.Tags[ResourceTags.RecipeDigest]
            .Should()
            .Be(recipe.Digest);
    }

    private List<string> Images() => [.. _bakery.Cloud.Ec2.ListOwned().Where(owned => owned.Kind == "image").Select(owned => owned.Id)];

    private int Ran(string key) => _bakery.Guests.Commands.Count(command => command.Comment.EndsWith(key, StringComparison.Ordinal));
}
