using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using Image = Amazon.EC2.Model.Image;

namespace BakeWorker.EndToEnd.Publishing;

/// <summary>One bake goes out to three Regions: everywhere, or nowhere.</summary>
public sealed class PublishTests
{
    [Fact]
    public void Publish_InThreeRegions_ChangesEverythingTheRecipeNames()
    {
        using var shop = new Shopfront();

        var result = shop.Bake("one");

        result.Failure.Should().BeNull();
        result.Images.Keys.Should().BeEquivalentTo(Shopfront.Regions);
        shop.Pointers().Should().BeEquivalentTo(result.Images);
        shop.Defaults().Should().BeEquivalentTo(result.Images);
        foreach (var (region, id) in result.Images)
        {
            var image = shop.ImageOf(region, id);
            image.Tags.Select(tag => tag.Key).Should().Contain([ResourceTags.Verdict, ResourceTags.ReleasedAt]);
            image.BlockDeviceMappings.Should().OnlyContain(device => device.Ebs.Encrypted == true);
            shop.Permissions(region, id).Should().Equal(Shopfront.Friend);
            SnapshotUsers(shop, region, image).Should().Equal(Shopfront.Friend);
        }
    }

    [Fact]
    public void Publish_NothingIsVisible_BeforeEveryRegionHasItsJudgedCopy()
    {
        using var shop = new Shopfront();

        shop.Bake("one").Outcome.Should().Be(Outcome.Published);

        var calls = shop.Bakery.Calls.All.ToList();
        var seen = calls.FindIndex(call => call.Action is "ModifySnapshotAttribute" or "PutParameter" or "CreateLaunchTemplateVersion");
        calls.FindLastIndex(call => call.Action == "CopyImage").Should().BeLessThan(seen);
        var order = calls.Skip(seen).Select(call => call.Action).Where(IsChange).Distinct();
        order
            .Should()
            .Equal(
                "ModifySnapshotAttribute",
                "ModifyImageAttribute",
                "EnableImageDeprecation",
                "CreateLaunchTemplateVersion",
                "PutParameter",
                "ModifyLaunchTemplate",
                "CreateTags",
                "TerminateInstances"
            );
    }

    [Fact]
    public void Publish_ASecondTime_KeepsWhatTheTemplateSaysBesidesItsImage()
    {
        using var shop = new Shopfront();
        shop.Bake("one");

        var second = shop.Bake("two");

        shop.Defaults().Should().BeEquivalentTo(second.Images);
        shop.TemplateVersions().Values.Should().OnlyContain(count => count == 3);
    }

    [Fact]
    public void Publish_OneRegionGetsNoCopy_LeavesTheOldEverywhereAndNothingBehind()
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        shop.Bakery.Cloud.Faults.Plan.FailImages(region: "us-east-1");

        var result = shop.Bake("two");

        result.Failure!.Code.Should().Be(FailureCodes.CopyFailed);
        ExpectOnly(shop, first);
    }

    [Theory]
    [InlineData("eu-central-1")]
    [InlineData("us-east-1")]
    [InlineData(Bakery.Region)]
    public void Publish_AParameterWriteAnswersAndFailsLater_IsNoticedAndTakenBackEverywhere(string region)
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        shop.Bakery.Cloud.Faults.Plan.LoseParameterWrites(region: region);

        var result = shop.Bake("two");

        result.Failure!.Code.Should().Be(FailureCodes.PublishFailed);
        result.Failure.Message.Should().Contain(region).And.Contain(first.Images[region]);
        ExpectOnly(shop, first);
    }

    /// <summary>EC2 answers that somebody may, and does not show it: late, as it does now and then, or not at all.</summary>
    [Theory]
    [InlineData("DescribeImageAttribute", 1, Outcome.Published)]
    [InlineData("DescribeSnapshotAttribute", 1, Outcome.Published)]
    [InlineData("DescribeImageAttribute", 999, Outcome.Failed)]
    [InlineData("DescribeSnapshotAttribute", 999, Outcome.Failed)]
    public void Publish_APermissionIsAnsweredAndNotShown_CountsOnlyOnceItIs(string look, int times, Outcome outcome)
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        shop.Bakery.Cloud.Faults.Plan.Calls("ec2", look).In("us-east-1").Nth(2).Times(times).IsStaleBy(TimeSpan.FromDays(1));

        var result = shop.Bake("two");

        result.Outcome.Should().Be(outcome, result.Failure?.Message);
        if (outcome == Outcome.Failed)
        {
            result.Failure!.Message.Should().Contain("us-east-1").And.Contain($"for {Shopfront.Friend} reads back as absent");
            ExpectOnly(shop, first);
        }
    }

    [Fact]
    public void Publish_FirstImageOfItsRecipeFailsHalfWay_LeavesNoPointerBehind()
    {
        using var shop = new Shopfront();
        shop.Bakery.Cloud.Faults.Plan.LoseParameterWrites(region: Bakery.Region);

        shop.Bake("one").Failure!.Code.Should().Be(FailureCodes.PublishFailed);

        shop.Pointers().Values.Should().OnlyContain(image => image == null);
        shop.Defaults().Values.Should().OnlyContain(image => image == "ami-00000000000000001");
        shop.Images().Should().BeEmpty();
    }

    /// <summary>The operator took a friend off the list between two attempts, the first of which had already shared with him.</summary>
    [Fact]
    public void Publish_PolicyGotStricterMeanwhile_TakesBackWhatWasSharedAndRefuses()
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        using var dying = shop.Bakery.Hire("dying", services => services.AddSingleton(Shopfront.Policy));
        dying.Line.Breaks = (_, action) => action == "PutParameter";
        shop.Run(() => Assert.ThrowsAsync<BakeFailedException>(() => dying.BakeAsync(shop.Recipe, "two")));
        shop.Images().Should().HaveCount(6, "the copies are judged and shared by then");
        using var strict = shop.Bakery.Hire("strict", services => services.AddSingleton(OperatorPolicy.Default));

        var result = shop.Run(() => strict.BakeAsync(shop.Recipe, "two"));

        (result.Outcome, result.Failure!.Code, result.Failure.Stage).Should().Be((Outcome.Rejected, FailureCodes.PolicyRefused, "publish"));
        ExpectOnly(shop, first);
    }

    [Fact]
    public void Publish_HomeIsNotReleased_TakesBackTheCopiesThatWere()
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        // The last tag that a bake puts on anything at home is the one that makes it final.
        shop.Bakery.Cloud.Faults.Plan.Calls("ec2", "CreateTags").In(Bakery.Region).Nth(HomeTags(shop)).Always().Fails();

        shop.Bake("two").Outcome.Should().Be(Outcome.Failed);

        ExpectOnly(shop, first);
    }

    [Fact]
    public void Publish_SomethingCannotBeTakenBack_KeepsTheImages_AndTheSameRequestCompletesThem()
    {
        using var shop = new Shopfront();
        var first = shop.Bake("one");
        shop.Bakery.Cloud.Faults.Plan.LoseParameterWrites(region: Bakery.Region);
        shop.Bakery.Cloud.Faults.Plan.Calls("ssm", "GetParameterHistory").In("us-east-1").Times(9).Fails();

        shop.Bake("two").Failure!.Code.Should().Be(FailureCodes.PublishFailed);
        shop.Pointers()["us-east-1"].Should().NotBe(first.Images["us-east-1"]);
        shop.Pointers()["eu-central-1"].Should().Be(first.Images["eu-central-1"]);
        var left = shop.Each(region => ImagesAsync(shop, region)).Values.SelectMany(images => images);
        foreach (var (region, image) in left.Where(one => !first.Images.Values.Contains(one.Image.ImageId)))
        {
            shop.Permissions(region, image.ImageId).Should().BeEmpty("what stays behind is private again");
            SnapshotUsers(shop, region, image).Should().BeEmpty();
        }

        shop.Pass(TimeSpan.FromMinutes(10));
        var second = shop.Bake("two");

        second.Failure.Should().BeNull();
        shop.Pointers().Should().BeEquivalentTo(second.Images);
        shop.Defaults().Should().BeEquivalentTo(second.Images);
    }

    [Fact]
    public void Publish_TwoBakesOnTwoWorkers_LeaveOneOfThemCurrentEverywhere()
    {
        using var shop = new Shopfront();
        using var other = shop.Bakery.Hire("other", services => services.AddSingleton(Shopfront.Policy));
        var runners = new[] { shop.Bakery.Get<BakeRunner>(), other.Get<BakeRunner>() };

        var results = shop.Run(() => Task.WhenAll(runners.Select((runner, i) => BakeAsync(shop, runner, $"twin-{i}"))));

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        var current = shop.Pointers();
        results.Select(result => result.Images).Should().ContainEquivalentOf(current);
        shop.Defaults().Values.Should().OnlyContain(image => results.Any(result => result.Images.Values.Contains(image)));
    }

    // As the queue does it: what is transient is tried again.
    private static async Task<BakeResult> BakeAsync(Shopfront shop, BakeRunner runner, string requestId)
    {
        var bake = shop.Bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = shop.Recipe.Name, RequestId = requestId }, shop.Recipe);
        for (var pause = TimeSpan.FromSeconds(30); ; pause *= 1.5)
        {
            try
            {
                return await runner.RunAsync(bake, NoObserver.Instance, retry: true, CancellationToken.None);
            }
            catch (BakeFailedException failure) when (failure.Kind == FailureKind.Transient)
            {
                await Task.Delay(pause, shop.Bakery.Time);
            }
        }
    }

    private static async Task<IEnumerable<(string Region, Image Image)>> ImagesAsync(Shopfront shop, string region)
    {
        var request = new DescribeImagesRequest { Owners = ["self"] };
        return ((await shop.In(region).Ec2.DescribeImagesAsync(request)).Images ?? []).Select(image => (region, image));
    }

    private static int HomeTags(Shopfront shop) =>
        shop.Bakery.Calls.All.Count(call => call.Action == "CreateTags") - (3 * (Shopfront.Regions.Length - 1));

    private static bool IsChange(string action) =>
        !action.StartsWith("Describe", StringComparison.Ordinal)
        && !action.StartsWith("Get", StringComparison.Ordinal)
        && !action.StartsWith("List", StringComparison.Ordinal)
        && !action.StartsWith('/');

    private static string[] SnapshotUsers(Shopfront shop, string region, Image image) =>
        shop.Run(async () =>
        {
            var request = new DescribeSnapshotAttributeRequest
            {
                SnapshotId = image.BlockDeviceMappings[0].Ebs.SnapshotId,
                Attribute = Amazon.EC2.SnapshotAttributeName.CreateVolumePermission,
            };
            var read = await shop.In(region).Ec2.DescribeSnapshotAttributeAsync(request);
            return (read.CreateVolumePermissions ?? []).Select(permission => permission.UserId).ToArray();
        });

    // The earlier bake is current in every way, and of the later one nothing is left.
    private static void ExpectOnly(Shopfront shop, BakeResult earlier)
    {
        shop.Pointers().Should().BeEquivalentTo(earlier.Images);
        shop.Defaults().Should().BeEquivalentTo(earlier.Images);
        shop.TemplateVersions().Values.Should().OnlyContain(count => count == 2);
        shop.Images().Select(image => image.ImageId).Should().BeEquivalentTo(earlier.Images.Values);
        var left = shop.Each(async region =>
            (await shop.In(region).Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots.Count
        );
        left.Values.Should().OnlyContain(count => count == 1);
    }
}
