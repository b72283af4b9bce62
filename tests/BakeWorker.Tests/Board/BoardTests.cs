using System.Net;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Settings;

namespace BakeWorker.Tests.Board;

/// <summary>What the board shows, and that it shows what others wrote as text.</summary>
public sealed class BoardTests
{
    private const string Hostile = "<script>pwned=1</script>";

    [Fact]
    public async Task Bake_ThatWasPublished_IsShownWithItsStagesStepsAndImage()
    {
        await using var world = await BoardWorld.OpenAsync(settings: "Web:TraceUrl=https://traces.example.com/{traceId}");
        world.Scenario.Command("*/step/install/*").Prints("installed everything");

        var result = await world.BakeAsync("ci-1", "the pipeline");

        result.Outcome.Should().Be(Outcome.Published);
        var detail = await world.JsonAsync($"/api/bakes/{result.BakeId}");
        var bake = detail.GetProperty("bake");
        bake.GetProperty("state").GetString().Should().Be("published");
        bake.GetProperty("requestedBy").GetString().Should().Be("the pipeline");
        bake.GetProperty("image").GetString().Should().Be(result.Images.Values.Single());
        bake.GetProperty("stages")
            .EnumerateArray()
            .Select(stage => (stage.GetProperty("name").GetString(), stage.GetProperty("state").GetString()))
            .Should()
            .Contain([("launch-builder", "success"), ("boot-test", "success"), ("publish", "success")]);
        detail
            .GetProperty("steps")
            .EnumerateArray()
            .Single(step => step.GetProperty("name").GetString() == "step/install/1")
            .GetProperty("output")
            .GetString()
            .Should()
            .Contain("installed everything");
        detail.GetProperty("result").GetProperty("provenance").GetProperty("digest").GetString().Should().Be(result.Provenance!.Digest);
        (await world.TextAsync($"/bakes/{result.BakeId}")).Should().Contain(result.Provenance.Digest).And.Contain("installed everything");
    }

    [Fact]
    public async Task Account_WhoseQueueIsGone_ShowsItsBakesAllTheSame()
    {
        await using var world = await BoardWorld.OpenAsync();
        var queue = await world.Clients.Sqs.GetQueueUrlAsync(LocalDefaults.Queue, world.Limit);
        await world.Clients.Sqs.DeleteQueueAsync(queue.QueueUrl, world.Limit);
        await world.PlantAsync("bake-00000000000000aa", "debian-12-base", "another-worker");

        var page = await world.TextAsync("/");

        page.Should().Contain("another-worker").And.Contain("could not be read").And.Contain("NonExistentQueue");
    }

    [Fact]
    public async Task Recipe_ShowsItsCurrentImageAndWhatWasFoundInIt()
    {
        await using var world = await BoardWorld.OpenAsync();
        var result = await world.BakeAsync("ci-1");

        var recipe = (await world.JsonAsync("/api/overview"))
            .GetProperty("recipes")
            .EnumerateArray()
            .Single(recipe => recipe.GetProperty("name").GetString() == "debian-12-base");

        recipe.GetProperty("image").GetString().Should().Be(result.Images.Values.Single());
        recipe.GetProperty("bakeId").GetString().Should().Be(result.BakeId);
        recipe.GetProperty("findings").GetProperty("critical").GetInt32().Should().Be(result.Findings!.Critical);
        recipe.TryGetProperty("createdAt", out _).Should().BeTrue();
    }

    [Fact]
    public async Task Bake_ThatFailed_SaysWhy_WithoutSecretsAndWithoutMarkup()
    {
        await using var world = await BoardWorld.OpenAsync();
        world.Scenario.Command("*/step/install/*").Fails(3, $"{Hostile} password=hunter2hunter2");

        var result = await world.BakeAsync("ci-1", Hostile);

        result.Outcome.Should().Be(Outcome.Failed);
        foreach (var path in (string[])["/", "/bakes", $"/bakes/{result.BakeId}", $"/bakes?q={Uri.EscapeDataString(Hostile)}"])
        {
            (await world.TextAsync(path)).Should().Contain("install").And.NotContain(Hostile).And.NotContain("hunter2");
        }

        var page = await world.TextAsync($"/bakes/{result.BakeId}");
        page.Should().Contain("&lt;script&gt;pwned=1&lt;/script&gt;").And.Contain("step-failed").And.Contain("recipe author");
        (await world.TextAsync($"/api/bakes/{result.BakeId}")).Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Bakes_OfOtherWorkers_AreSeenByTheirResources_HostileTagsIncluded()
    {
        await using var world = await BoardWorld.OpenAsync();
        await world.PlantAsync("bake-aaaaaaaaaaaaaaaa", "debian-12-base", "another-worker");
        await world.PlantAsync($"bake-\"'>{Hostile}", Hostile, Hostile);
        var end = new ToldEnd(Outcome.Rejected, FailureCodes.FindingsBlocked, "2 findings block the image.");
        var ended = await world.PlantAsync("bake-bbbbbbbbbbbbbbbb", "ubuntu-24.04-base", "another-worker");
        await world
            .Get<ICloud>()
            .Home.Instances.TagAsync(new(ended), new Dictionary<string, string> { [ResourceTags.Outcome] = end.ToTag() }, world.Limit);
        await world.Get<ICloud>().Home.Instances.RemoveAsync(new InstanceId(ended), world.Limit);

        var bakes = (await world.JsonAsync("/api/bakes"))
            .GetProperty("bakes")
            .EnumerateArray()
            .ToDictionary(bake => bake.GetProperty("bakeId").GetString()!);

        bakes["bake-aaaaaaaaaaaaaaaa"].GetProperty("state").GetString().Should().Be("running");
        bakes["bake-aaaaaaaaaaaaaaaa"].GetProperty("worker").GetString().Should().Be("another-worker");
        bakes["bake-bbbbbbbbbbbbbbbb"].GetProperty("state").GetString().Should().Be("rejected");
        bakes["bake-bbbbbbbbbbbbbbbb"].GetProperty("reason").GetString().Should().Be("2 findings block the image.");
        bakes["bake-bbbbbbbbbbbbbbbb"].GetProperty("actor").GetString().Should().Be("recipe author");
        var page = await world.TextAsync("/");
        page.Should().Contain("another-worker").And.Contain("&lt;script&gt;").And.NotContain(Hostile);
        (await world.JsonAsync("/api/overview"))
            .GetProperty("workers")
            .EnumerateArray()
            .Select(worker => worker.GetProperty("name").GetString())
            .Should()
            .Equal("this-worker", Hostile, "another-worker");
    }

    [Fact]
    public async Task Bake_ThatFailedOnThisWorker_IsExplainedByAnyOther()
    {
        await using var world = await BoardWorld.OpenAsync();
        world.Scenario.Command("*/test/*").Fails(1, "sshd is not up");
        var result = await world.BakeAsync("ci-1");

        var instances = await world.Get<ICloud>().Home.Instances.ListAsync(world.Limit);

        var told = instances.Select(instance => ToldEnd.Find(instance.Tags)).OfType<ToldEnd>().Should().ContainSingle().Subject;
        told.Outcome.Should().Be(Outcome.Rejected);
        told.Code.Should().Be(result.Failure!.Code);
        result.Failure.Message.Should().StartWith(told.Reason.TrimEnd('…'));
    }

    [Fact]
    public async Task Events_TellOfABakeFromItsStartToItsEnd()
    {
        await using var world = await BoardWorld.OpenAsync();
        var id = await world.SubmitAsync("ci-1");

        await world.UntilAsync(async () => await world.StatusAsync($"/api/bakes/{id}") == HttpStatusCode.OK);
        await world.UntilAsync(async () =>
            (await world.JsonAsync($"/api/bakes/{id}")).GetProperty("bake").GetProperty("state").GetString() == "published"
        );

        (await world.TextAsync("/")).Should().Contain(id);
    }

    [Fact]
    public async Task Unknown_IsNotFound_AsPageAndAsJson()
    {
        await using var world = await BoardWorld.OpenAsync();

        foreach (
            var path in (string[])
                ["/bakes/bake-0", "/nothing", "/api/bakes/bake-0", "/api/nothing", "/assets/BoardWorld.cs", "/bakes/bake-0/exhibits/0"]
        )
        {
            (await world.StatusAsync(path)).Should().Be(HttpStatusCode.NotFound, path);
        }
    }
}
