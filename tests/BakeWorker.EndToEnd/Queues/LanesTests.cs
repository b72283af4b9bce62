using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Queues;

/// <summary>Requests that somebody waits for go before those of the night, and FIFO queues keep their order.</summary>
public sealed class LanesTests
{
    [Fact]
    public void Requests_OfPeople_GoBeforeThoseOfTheNight_WhichAreNotForgotten()
    {
        using var world = new QueueWorld(new RecipeShelf(("web", text => text)), nightly: "bake-nightly", concurrency: 1);
        for (var i = 0; i < 10; i++)
        {
            world.Send("bake-nightly", Dry($"night-{i}"));
        }

        for (var i = 0; i < 10; i++)
        {
            world.Send(world.Requests, Dry($"ci-{i}"));
        }

        world.Work();

        var order = world.Results().ConvertAll(result => result.RequestId[..2]);
        order.Should().HaveCount(20);
        order.Take(10).Count(id => id == "ci").Should().BeInRange(7, 9, "four of five turns are theirs");
        order.Take(10).Should().Contain("ni");
    }

    [Fact]
    public void Night_WithoutOtherRequests_HasTheWholeWorker()
    {
        using var world = new QueueWorld(new RecipeShelf(("web", text => text)), nightly: "bake-nightly", concurrency: 1);
        var begun = world.Bakery.Time.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            world.Send("bake-nightly", Dry($"night-{i}"));
        }

        world.Work();

        world.Results().Should().HaveCount(5).And.OnlyContain(result => result.FinishedAt - begun < TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void Bake_OfTheNight_IsHeldAndSettledInItsOwnQueue()
    {
        using var world = new QueueWorld(new RecipeShelf(("web", text => text)), nightly: "bake-nightly");
        world.Bakery.Scenario.Command("*/step/install/*").Takes(TimeSpan.FromMinutes(14));
        world.Send("bake-nightly", """{ "recipe": "web", "requestId": "night" }""");
        world.Send(world.Requests, """{ "recipe": "web", "requestId": "ci" }""");

        world.Work();

        var results = world.Results();
        results.Should().HaveCount(2).And.OnlyContain(result => result.Outcome == Outcome.Published && result.Attempts == 1);
        world.Drain("bake-nightly").Should().BeEmpty();
    }

    [Fact]
    public void FifoQueue_TakesRequestsByRecipe_EachOnce()
    {
        using var world = new QueueWorld(new RecipeShelf(("web", text => text), ("data", text => text)), "bakes.fifo");
        world.Send(world.Requests, """{ "recipe": "*", "requestId": "all", "dryRun": true }""", group: "night");

        world.Work();

        var results = world.Results();
        results.Where(result => result.Recipe != "*").Select(result => result.Recipe).Should().BeEquivalentTo("web", "data");
        results.Should().HaveCount(3);
    }

    private static string Dry(string id) => $$"""{ "recipe": "web", "requestId": "{{id}}", "dryRun": true }""";
}
