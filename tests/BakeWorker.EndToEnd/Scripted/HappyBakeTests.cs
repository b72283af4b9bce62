using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Whole bakes on virtual time, through the real SDK, with guests that answer by script.</summary>
public sealed class HappyBakeTests
{
    [Fact]
    public void Guest_FoundOffBeforeItsSealIsReported_IsCaptured()
    {
        // With thousands of bakes a round of reads takes minutes, and any of them may be the first to see the guest off.
        var waiting = new WaitingOptions { Fast = TimeSpan.FromMinutes(1), Slow = TimeSpan.FromSeconds(5) };
        using var bakery = Bakery.Open(register: services => services.AddSingleton(waiting));

        bakery.Bake().Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Bake_DebianBase_IsPublished_WithNothingLeftRunning()
    {
        using var bakery = Bakery.Open();

        var result = bakery.Bake();

        result.Failure.Should().BeNull();
        result.Outcome.Should().Be(Outcome.Published);
        result
            .Stages.Select(stage => stage.Name)
            .Should()
            .BeEquivalentTo(
                "pin-base",
                "preflight",
                "launch-builder",
                "await-agent",
                "apply-steps",
                "clean",
                "seal",
                "capture-image",
                "copy-image",
                "launch-tester",
                "boot-test",
                "scan-image",
                "judge",
                "attest",
                "publish",
                "retire"
            );
        var image = result.Images.Should().ContainSingle().Which.Value;
        bakery.Time.Run(async () =>
        {
            (await bakery.Get<ICloud>().Home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None))!
                .Image.Value.Should()
                .Be(image);
            (await bakery.LeftoversAsync()).Should().HaveCount(2).And.Contain(image);
        });
    }

    [Fact]
    public void Bake_Published_CarriesTheResourceContract()
    {
        using var bakery = Bakery.Open();

        var result = bakery.Bake();

        var image = bakery.Time.Run(() => bakery.Get<ICloud>().Home.Images.FindAsync(new BakeId(result.BakeId), CancellationToken.None))!;
        image.Tags.Should().Contain(ResourceTags.BakeId, result.BakeId);
        image.Tags.Should().Contain(ResourceTags.Recipe, "debian-12-base");
        image.Tags.Should().Contain(ResourceTags.RecipeDigest, bakery.Recipe().Digest);
        image.Tags.Should().Contain(ResourceTags.Role, "image");
        image.Tags.Should().Contain(ResourceTags.SourceImage, result.BaseImage!);
        image.Tags.Should().Contain(ResourceTags.Verdict, "passed");
        image.Tags.Should().ContainKey(ResourceTags.ReleasedAt);
    }

    [Fact]
    public void Bake_SameRequestAgain_AnswersTheSameImage()
    {
        using var bakery = Bakery.Open();

        var first = bakery.Bake();
        var second = bakery.Bake();

        second.Images.Should().Equal(first.Images);
        bakery.Guests.Guests.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(120)]
    public void Bake_SameRequestTwiceAtOnce_BothAnswerTheOneImage(int secondsApart)
    {
        using var bakery = Bakery.Open();

        var results = bakery.Time.Run(() => Task.WhenAll(bakery.BakeAsync(), LaterAsync()));

        // The one that publishes first ends the instances that the other still works with.
        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        results[1].Images.Should().Equal(results[0].Images);

        async Task<BakeResult> LaterAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(secondsApart), bakery.Time);
            return await bakery.BakeAsync();
        }
    }

    [Theory]
    [InlineData("amazon-linux-2023-base")]
    [InlineData("ubuntu-24.04-base")]
    public void Bake_OtherShippedRecipes_ArePublished(string recipe)
    {
        using var bakery = Bakery.Open();

        bakery.Bake(bakery.Recipe(recipe)).Failure.Should().BeNull();
    }

    [Theory]
    [InlineData(ScanSource.Image)]
    [InlineData(ScanSource.Both)]
    public void Bake_ScanOfTheImage_IsPublished(ScanSource source)
    {
        using var bakery = Bakery.Open();
        var recipe = bakery.Recipe();

        var result = bakery.Bake(recipe with { Scan = recipe.Scan with { Source = source } });

        result.Failure.Should().BeNull();
        result.Findings.Should().NotBeNull();
    }

    [Fact]
    public void Bake_StepThatNeedsAReboot_GoesOnAfterIt()
    {
        using var bakery = Bakery.Open();
        bakery.Scenario.Command("*/step/patch/*").AsksForReboot();

        bakery.Bake().Outcome.Should().Be(Outcome.Published);

        bakery.Guests.Commands.Count(command => command.Comment.Contains("/step/patch/", StringComparison.Ordinal)).Should().Be(2);
    }

    [Fact]
    public void Bake_FirstPoolsHaveNoRoom_TakesTheNextRung()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.RefuseLaunches("InsufficientInstanceCapacity", pool: new("t3.small"));
        bakery.Cloud.Faults.Plan.KillLaunches("Server.InsufficientInstanceCapacity", times: 1);

        var result = bakery.Bake();

        result.Outcome.Should().Be(Outcome.Published);
        bakery.Guests.Guests.Should().OnlyContain(guest => guest.Spec.InstanceType == "t3a.small");
    }

    [Fact]
    public void Bake_DryRun_ChangesNothing()
    {
        using var bakery = Bakery.Open();
        var recipe = bakery.Recipe();
        var request = new BakeRequest
        {
            Recipe = recipe.Name,
            RequestId = "dry",
            DryRun = true,
        };
        var bake = bakery.Get<BakeIntake>().Create(request, recipe);

        var result = bakery.Time.Run(() => bakery.RunAsync(bake));

        result.Outcome.Should().Be(Outcome.Skipped);
        result.BaseImage.Should().StartWith("ami-");
        bakery.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Bake_FiftyAtOnce_AllPublish()
    {
        using var bakery = Bakery.Open();
        var recipe = bakery.Recipe();

        var results = bakery.Time.Run(() =>
            Task.WhenAll(Enumerable.Range(0, 50).Select(i => bakery.BakeAsync(Pointing(recipe, $"/images/many/{i}"), $"many-{i}")))
        );

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        results.Select(result => result.Images.Values.Single()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Bake_TwoOfOneRecipeAtOnce_BothPublishAndOnePointerStays()
    {
        using var bakery = Bakery.Open();

        var results = bakery.Time.Run(() => Task.WhenAll(bakery.BakeAsync(requestId: "a"), bakery.BakeAsync(requestId: "b")));

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        var pointer = bakery.Time.Run(() =>
            bakery.Get<ICloud>().Home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None)
        )!;
        results.SelectMany(result => result.Images.Values).Should().Contain(pointer.Image.Value);
    }

    private static Recipe Pointing(Recipe recipe, string pointer) => recipe with { Publish = recipe.Publish with { Pointer = pointer } };
}
