using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What goes in: a name or a parameter proves nothing, and what was decided once stays decided.</summary>
public sealed class BaseTrustTests
{
    private const string Debian = "136693071363";
    private const string Own = "/bases/debian";

    [Fact]
    public void CommunityImage_WithATemptingName_IsPassedOverForTheOneOfTheOwner()
    {
        using var bakery = Bakery.Open();

        var result = bakery.Bake(From(bakery, new BaseSource { Name = "debian-12-amd64-*", Owners = [Debian] }));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        Image(bakery, result.BaseImage!).OwnerId.Should().Be(Debian);
    }

    [Fact]
    public void CommunityImage_ThatOnlyTheRecipeTrusts_IsRefusedByThePolicyBeforeAnythingIsLaunched()
    {
        using var bakery = Bakery.Open();

        var result = bakery.Bake(
            From(bakery, new BaseSource { Name = "debian-12-amd64-*", Owners = [LocalCloudDefaults.StrangerAccountId] })
        );

        result.Failure!.Code.Should().Be(FailureCodes.PolicyRefused);
        result.Failure.Message.Should().Contain($"base.owners names '{LocalCloudDefaults.StrangerAccountId}'");
        bakery.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public void CommunityImage_ThatOnlyThePolicyTrusts_IsRefusedByTheRecipe()
    {
        var policy = new OperatorPolicy { Base = new BasePolicy { Owners = [Debian, LocalCloudDefaults.StrangerAccountId] } };
        using var bakery = Bakery.Open(register: services => services.AddSingleton(policy));

        var result = bakery.Bake(From(bakery, new BaseSource { Image = LookAlike(bakery), Owners = [Debian] }));

        result.Failure!.Code.Should().Be(FailureCodes.BaseUntrusted);
        bakery.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Parameter_ThatNamesAStrangersImage_IsRefusedWithParameterAndOwner()
    {
        using var bakery = Bakery.Open();
        Point(bakery, LookAlike(bakery));

        var result = bakery.Bake(From(bakery, new BaseSource { Parameter = Own, Owners = [Debian] }));

        result.Outcome.Should().Be(Outcome.Rejected);
        result.Failure!.Code.Should().Be(FailureCodes.BaseUntrusted);
        result.Failure.Message.Should().Contain($"which parameter {Own} names, belongs to {LocalCloudDefaults.StrangerAccountId}");
        bakery.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Parameter_ThatMovesMidBake_DoesNotChangeTheBake()
    {
        using var bakery = Bakery.Open();
        var (before, after) = (Debians(bakery)[1], Debians(bakery)[0]);
        Point(bakery, before);
        var recipe = From(bakery, new BaseSource { Parameter = Own, Owners = [Debian] });
        using var first = bakery.Hire("first");
        first.Line.Breaks = (_, action) => action == "SendCommand";

        bakery.Time.Run(() => Assert.ThrowsAsync<BakeFailedException>(() => first.BakeAsync(recipe, "test-1")));
        Point(bakery, after);
        var result = bakery.Bake(recipe);

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.BaseImage.Should().Be(before);
        bakery
            .Guests.Guests.Where(guest => guest.Spec.Tags["bakeworker:role"] == "builder")
            .Should()
            .OnlyContain(guest => guest.Spec.ImageId == before);
        Image(bakery, result.Images.Values.Single())
            .Tags.Should()
            .Contain(tag => tag.Key == "bakeworker:source-image" && tag.Value == before);
        bakery.Bake(recipe, "test-2").BaseImage.Should().Be(after, "the next bake takes what the parameter names then");
    }

    [Fact]
    public void MadeBy_OurReleasedImage_IsABase_AndAnyOtherOfOursIsNot()
    {
        using var bakery = Bakery.Open();
        var golden = bakery.Bake().Images.Values.Single();
        var source = new BaseSource { Parameter = "/images/debian-12-base/current", Owners = ["self"] };

        var child = bakery.Bake(From(bakery, source with { MadeBy = "debian-12-base" }), "child");
        var stranger = bakery.Bake(From(bakery, source with { MadeBy = "hardened-base" }), "stranger");

        child.Outcome.Should().Be(Outcome.Published, child.Failure?.Message);
        child.BaseImage.Should().Be(golden);
        stranger.Failure!.Code.Should().Be(FailureCodes.BaseUntrusted);
        stranger
            .Failure.Message.Should()
            .Contain("was made by recipe debian-12-base; base.madeBy wants a released image of recipe hardened-base");
    }

    private static Recipe From(Bakery bakery, BaseSource source) =>
        bakery.Recipe() is var recipe
            ? recipe with
            {
                Base = source,
                Publish = recipe.Publish with { Pointer = source.Parameter == recipe.Publish.Pointer ? null : recipe.Publish.Pointer },
            }
            : null!;

    private static string LookAlike(Bakery bakery) => Newest(bakery, LocalCloudDefaults.StrangerAccountId)[0];

    private static List<string> Debians(Bakery bakery) => Newest(bakery, Debian);

    private static List<string> Newest(Bakery bakery, string owner) =>
        bakery.Time.Run(async () =>
        {
            var filters = new List<Filter> { new("name", ["debian-12-amd64-*"]) };
            var seen = await bakery.Clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = [owner], Filters = filters });
            return seen.Images.OrderByDescending(image => image.CreationDate).Select(image => image.ImageId).ToList();
        });

    private static Image Image(Bakery bakery, string id) =>
        bakery
            .Time.Run(() => bakery.Clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [id] }))
            .Images.Should()
            .ContainSingle()
            .Subject;

    private static void Point(Bakery bakery, string image) =>
        bakery.Time.Run(() =>
            bakery.Clients.Ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = Own,
                    Value = image,
                    Type = "String",
                    Overwrite = true,
                }
            )
        );
}
