using BakeWorker.Aws.Naming;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Aws.Tests.Naming;

public sealed class NamesTests
{
    private static readonly BakeId Bake = new("bake-0123456789abcdef");

    [Fact]
    public void ClientToken_OfTheSameOrder_IsTheSameAndFits()
    {
        var rung = new Rung("t3.small", "subnet-1", Market.OnDemand);

        var token = Names.ClientToken(Bake, InstanceRole.Builder, 0, rung);

        token.Should().MatchRegex("^[0-9a-f]{64}$").And.Be(Names.ClientToken(Bake, InstanceRole.Builder, 0, rung with { }));
        token.Should().NotBe(Names.ClientToken(Bake, InstanceRole.Builder, 1, rung));
        token.Should().NotBe(Names.ClientToken(Bake, InstanceRole.Tester, 0, rung));
        token.Should().NotBe(Names.ClientToken(Bake, InstanceRole.Builder, 0, rung with { Subnet = "subnet-2" }));
        token.Should().NotBe(Names.ClientToken(Bake, InstanceRole.Builder, 0, rung with { Market = Market.Spot }));
    }

    [Fact]
    public void ClientToken_IsTheHashOfTheContract() =>
        // printf 'bake-1|builder|0|x' | sha256sum
        Names
            .ClientToken(new BakeId("bake-1"), "builder", 0, "x")
            .Should()
            .Be("5ce1aa9ff7949351daf025d3ab03280af4f47cfe37d6ab44b9be8e53b97c362f");

    [Theory]
    [InlineData("debian-12-base", "debian-12-base/")]
    [InlineData("odd name!", "odd-name-/")]
    public void Image_AlwaysHoldsTheBakeIdInLegalLetters(string recipe, string start)
    {
        var bake = Sample.Bake(recipe: Sample.Recipe(recipe));

        Names.Image(bake).Should().Be(start + bake.Id).And.MatchRegex("^[A-Za-z0-9()\\[\\] ./\\-'@_]{3,128}$");
    }

    [Fact]
    public void Image_OfALongRecipe_KeepsTheWholeBakeId()
    {
        var bake = Sample.Bake(recipe: Sample.Recipe(new string('a', 300)));

        Names.Image(bake).Should().HaveLength(128).And.EndWith("/" + bake.Id);
    }

    [Fact]
    public void Comment_ThatWouldNotFit_IsCutAndStaysItsOwn()
    {
        var (one, other) = (new string('a', 90) + "1", new string('a', 90) + "2");

        Names.Comment(Bake, "step/patch/1").Should().Be("bakeworker/bake-0123456789abcdef/step/patch/1");
        Names.Comment(Bake, one).Should().HaveLength(100).And.NotBe(Names.Comment(Bake, other)).And.Be(Names.Comment(Bake, one));
    }

    [Fact]
    public void QueueId_OfAnyText_IsLegal()
    {
        Names.QueueId("debian-12-base").Should().Be("debian-12-base");
        Names.QueueId("{\"a\": 1}").Should().MatchRegex("^[0-9a-f]{64}$");
        Names.QueueId(new string('x', 129)).Should().HaveLength(64);
    }
}
