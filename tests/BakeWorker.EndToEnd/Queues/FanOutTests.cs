using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Queues;

/// <summary>One message for many recipes becomes one request for each, however often it is begun again.</summary>
public sealed class FanOutTests
{
    private const string All = """{ "recipe": "*", "requestId": "nightly-1", "reason": "nightly", "ifChanged": true, "dryRun": true }""";

    [Fact]
    public void Request_ForEveryRecipe_BecomesOneEachAndIsAnsweredWithTheList()
    {
        using var world = new QueueWorld(Shelf("one", "two", "three"));
        world.Send(world.Requests, All);

        world.Work();

        var results = world.Results();
        var many = results.Should().ContainSingle(result => result.Recipe == "*").Subject;
        many.Outcome.Should().Be(Outcome.Requested);
        many.Requests!.Select(request => request.RequestId).Should().BeEquivalentTo("nightly-1/one", "nightly-1/two", "nightly-1/three");
        var each = results.Where(result => result.Recipe != "*").ToList();
        each.Select(result => result.BakeId).Should().BeEquivalentTo(many.Requests!.Select(request => request.BakeId));
        each.Should().OnlyContain(result => result.Outcome == Outcome.Skipped);
        world.Drain(world.Requests).Should().BeEmpty();
    }

    [Fact]
    public void Request_WithLabels_IsForThoseThatHaveThemAll()
    {
        using var world = new QueueWorld(
            new RecipeShelf(
                ("web", text => Labelled(text, "{ tier: app, team: shop }")),
                ("base", text => Labelled(text, "{ tier: base }")),
                ("plain", text => Labelled(text, "{}")),
                ("broken", text => $"{Labelled(text, "{ tier: app }")}\nsteps: 1\n")
            )
        );
        world.Send(world.Requests, """{ "recipe": "*", "labels": { "tier": "app" }, "requestId": "app-1", "dryRun": true }""");
        world.Send(world.Requests, """{ "recipe": "*", "labels": { "tier": "nowhere" }, "requestId": "app-2", "dryRun": true }""");

        world.Work();

        var results = world.Results();
        results.Single(result => result.RequestId == "app-1").Requests!.Select(request => request.Recipe).Should().Equal("web");
        var none = results.Single(result => result.RequestId == "app-2");
        none.Outcome.Should().Be(Outcome.Invalid);
        none.Failure!.Message.Should().Contain("has the labels tier: nowhere");
        world.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("cannot be told"));
    }

    [Fact]
    public void Requests_CarryReasonTraceAndOwner_AndAreSpreadOverTheTime()
    {
        using var world = new QueueWorld(Shelf([.. Enumerable.Range(0, 23).Select(i => $"recipe-{i}")]));
        var message = new QueueMessage
        {
            MessageId = "m",
            ReceiptHandle = "r",
            Body = All,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        var many = BakeRequestReader.Read(All, "m").Require();

        world.Bakery.Time.Run(() => world.Bakery.Get<FanOut>().SendAsync(many, message, CancellationToken.None));

        world.Bakery.Calls.All.Count(call => call.Action == "SendMessageBatch").Should().Be(3, "SQS takes ten to a call");
        var sent = world.Drain(world.Requests);
        sent.Should().HaveCount(23);
        sent.Should().OnlyContain(one => one.Attributes["MessageGroupId"] == "platform-team");
        sent.Should().OnlyContain(one => one.MessageAttributes["traceparent"].StringValue.Contains("0af7651916cd43dd8448eb211c80319c"));
        sent.Select(one => BakeRequestReader.Read(one.Body, "m").Require())
            .Should()
            .OnlyContain(one => one.Reason == "nightly" && one.IfChanged && one.Labels == null);
        var delays = Enumerable.Range(0, 23).Select(i => FanOut.DelayOf(BakeId.For($"recipe-{i}", $"nightly-1/recipe-{i}"), 900)).ToList();
        delays.Should().OnlyContain(delay => delay >= TimeSpan.Zero && delay <= TimeSpan.FromMinutes(15));
        delays.Distinct().Should().HaveCountGreaterThan(15);
    }

    [Fact]
    public void Worker_ThatDiesInTheMiddle_LeavesTheMessage_AndTheSecondTimeItIsTheSameBakes()
    {
        using var world = new QueueWorld(Shelf([.. Enumerable.Range(0, 15).Select(i => $"recipe-{i}")]));
        world.Send(world.Requests, All);
        var batches = 0;
        using var mortal = world.Bakery.Hire(
            "mortal",
            services => services.AddSingleton(_ => new RecipeSource(world.Shelf.Path, world.Bakery.Time))
        );
        mortal.Line.Breaks = (_, action) => action == "SendMessageBatch" && ++batches > 1;

        world.Bakery.Time.Run(async () =>
        {
            var message = (await mortal.Queue.ReceiveAsync(1, TimeSpan.FromMinutes(5), CancellationToken.None)).Single();
            await mortal.Consumer.HandleAsync(message, CancellationToken.None);
        });
        world.Work();

        var results = world.Results();
        var many = results.Where(result => result.Recipe == "*").Should().ContainSingle().Subject;
        results
            .Where(result => result.Recipe != "*")
            .Select(result => result.BakeId)
            .Distinct()
            .Should()
            .BeEquivalentTo(many.Requests!.Select(request => request.BakeId));
    }

    [Theory]
    [InlineData("""{ "recipe": "web", "labels": { "tier": "app" } }""", "labels is for many recipes, but recipe names web")]
    [InlineData("""{ "recipe": "web", "spreadSeconds": 5 }""", "spreadSeconds is for many recipes")]
    [InlineData("""{ "recipe": "*", "spreadSeconds": 901 }""", "outside 0 to 900")]
    [InlineData("""{ "recipe": "**" }""", "or *")]
    public void Request_ThatMixesOneAndMany_IsInvalid(string body, string said) =>
        BakeRequestReader.Read(body, "m").Problems.Should().ContainSingle().Which.Message.Should().Contain(said);

    private static string Labelled(string recipe, string labels) =>
        string.Join(
            '\n',
            recipe.Split('\n').Select(line => line.StartsWith("labels:", StringComparison.Ordinal) ? $"labels: {labels}" : line)
        );

    private static RecipeShelf Shelf(params string[] names) => new([.. names.Select(name => (name, (Func<string, string>)(text => text)))]);
}
