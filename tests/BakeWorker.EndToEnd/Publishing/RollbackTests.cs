using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Publishing;

/// <summary>One command, and every Region shows the previous good image again.</summary>
public sealed class RollbackTests
{
    [Fact]
    public void Rollback_MovesPointersAndTemplatesInEveryRegion()
    {
        using var shop = new Shopfront();
        var (first, second) = (shop.Bake("one"), shop.Bake("two"));

        var report = Roll(shop);

        (report.IsComplete, report.Bake).Should().Be((true, first.BakeId));
        report.Moves.Should().OnlyContain(move => move.Action == "moved" && move.Before!.Value.Value == second.Images[move.Region]);
        ExpectCurrent(shop, first);
        shop.TemplateVersions().Values.Should().OnlyContain(count => count == 3, "the version of that image was there already");
    }

    [Fact]
    public void Rollback_Again_GoesToTheOneBefore_AndNeverForwardToABadOne()
    {
        using var shop = new Shopfront();
        var (first, _) = (shop.Bake("one"), shop.Bake("two"));
        shop.Bake("three");

        Roll(shop);
        Roll(shop).Bake.Should().Be(first.BakeId);

        Refusal(shop).Should().Contain("no earlier image that is good in every Region");
        ExpectCurrent(shop, first);
    }

    [Fact]
    public void Rollback_AfterALaterBake_PassesOverTheOneThatWasRolledBackFrom()
    {
        using var shop = new Shopfront();
        var (first, _) = (shop.Bake("one"), shop.Bake("two"));
        Roll(shop);
        shop.Bake("three");

        Roll(shop).Bake.Should().Be(first.BakeId);
    }

    [Fact]
    public void Rollback_ToANamedImage_GoesToItsBake_WhicheverRegionItIsOf()
    {
        using var shop = new Shopfront();
        var (first, second) = (shop.Bake("one"), shop.Bake("two"));
        Roll(shop);

        var report = Roll(shop, second.Images["us-east-1"]);

        report.Bake.Should().Be(second.BakeId);
        ExpectCurrent(shop, second);
        shop.Images()
            .Where(image => image.ImageId == second.Images["us-east-1"])
            .Should()
            .OnlyContain(image => image.Tags.All(tag => tag.Key != ResourceTags.WithdrawnAt));
        Roll(shop).Bake.Should().Be(first.BakeId, "it is a good one again");
    }

    [Fact]
    public void Rollback_ThatBrokeOff_IsCompletedByTheSameCommand()
    {
        using var shop = new Shopfront();
        var (first, _) = (shop.Bake("one"), shop.Bake("two"));
        shop.Bakery.Cloud.Faults.Plan.LoseParameterWrites(region: "us-east-1");

        var broken = Roll(shop);
        broken.IsComplete.Should().BeFalse();
        broken
            .Moves.Select(move => (move.Region, move.Action))
            .Should()
            .Equal(("eu-central-1", "moved"), ("us-east-1", "failed"), (Bakery.Region, "moved"));

        var again = Roll(shop);

        (again.Bake, again.IsComplete).Should().Be((first.BakeId, true));
        again.Moves.Select(move => move.Action).Should().Equal("already", "moved", "already");
        ExpectCurrent(shop, first);
    }

    [Fact]
    public void Rollback_DuringAPublicationThatBrokeOff_GoesToWhatWasBefore()
    {
        using var shop = new Shopfront();
        var (first, second) = (shop.Bake("one"), shop.Bake("two"));
        shop.Run(() => shop.PointAsync("us-east-1", first.Images["us-east-1"]));

        Roll(shop).Bake.Should().Be(first.BakeId);

        ExpectCurrent(shop, first);
        second.Images.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("unjudged", "was never judged good")]
    [InlineData("unreleased", "was never released")]
    [InlineData("disabled", "is disabled in us-east-1")]
    [InlineData("deregistered", "is no image of debian-12-base")]
    public void Rollback_ToAnImageThatIsNotGood_IsRefused_AndChangesNothing(string state, string because)
    {
        using var shop = new Shopfront();
        var (first, second) = (shop.Bake("one"), shop.Bake("two"));
        var image = first.Images["us-east-1"];
        shop.Run(() => SpoilAsync(shop, image, state));

        Refusal(shop, image).Should().Contain(because).And.Contain(image);
        Refusal(shop).Should().Contain("no earlier image that is good in every Region");
        ExpectCurrent(shop, second);
        shop.Images().SelectMany(seen => seen.Tags).Should().NotContain(tag => tag.Key == ResourceTags.WithdrawnAt);
    }

    [Fact]
    public void Rollback_ToAnImageOfSomebodyElse_IsRefused()
    {
        using var shop = new Shopfront();
        var second = shop.Bake("two");

        Refusal(shop, "ami-00000000000000001").Should().Contain("somebody else made it");
        Refusal(shop, second.BaseImage!).Should().Contain("is no image of debian-12-base");
    }

    [Fact]
    public void Rollback_OfARecipeThatPointsNowhere_IsRefused()
    {
        using var shop = new Shopfront();
        var recipe = shop.Recipe with { Publish = shop.Recipe.Publish with { Pointer = null, LaunchTemplate = null } };

        shop.Invoking(it => it.Run(() => it.Bakery.Get<Rollback>().RunAsync(recipe, null, CancellationToken.None)))
            .Should()
            .Throw<BakeFailedException>()
            .WithMessage("*neither a pointer nor a launch template*");
    }

    private static RollbackReport Roll(Shopfront shop, string? to = null) =>
        shop.Run(() => shop.Bakery.Get<Rollback>().RunAsync(shop.Recipe, to is null ? null : new ImageId(to), CancellationToken.None));

    private static string Refusal(Shopfront shop, string? to = null)
    {
        var refused = shop.Invoking(it => Roll(it, to)).Should().Throw<BakeFailedException>().Which;
        refused.Code.Should().Be(FailureCodes.RollbackRefused);
        return refused.Message;
    }

    private static void ExpectCurrent(Shopfront shop, BakeResult bake)
    {
        shop.Pointers().Should().BeEquivalentTo(bake.Images);
        shop.Defaults().Should().BeEquivalentTo(bake.Images);
    }

    private static async Task SpoilAsync(Shopfront shop, string image, string state)
    {
        var ec2 = shop.In("us-east-1").Ec2;
        switch (state)
        {
            case "disabled":
                await ec2.DisableImageAsync(new DisableImageRequest { ImageId = image });
                break;
            case "deregistered":
                await ec2.DeregisterImageAsync(new DeregisterImageRequest { ImageId = image });
                break;
            default:
                var tag = state == "unjudged" ? ResourceTags.Verdict : ResourceTags.ReleasedAt;
                await ec2.DeleteTagsAsync(new DeleteTagsRequest { Resources = [image], Tags = [new Tag { Key = tag }] });
                break;
        }
    }
}
