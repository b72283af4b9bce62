using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class BaseTrustTests
{
    private const string Account = "123456789012";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private static readonly BaseImage Debian = new(new ImageId("ami-1"))
    {
        Name = "debian-12-amd64-20261112-1234",
        OwnerId = "136693071363",
        Architecture = Architecture.X86_64,
        State = "available",
        RootDeviceName = "/dev/xvda",
        RootDeviceType = "ebs",
        CreatedAt = Now.AddDays(-10),
    };

    public static TheoryData<string, BaseImage> Untrusted =>
        new()
        {
            { FailureCodes.BaseUntrusted, Debian with { OwnerId = "666666666666" } },
            { FailureCodes.BaseUntrusted, Debian with { OwnerId = "666666666666", OwnerAlias = "aws-marketplace" } },
            { FailureCodes.BaseUnsuitable, Debian with { State = "pending" } },
            { FailureCodes.BaseUnsuitable, Debian with { Architecture = Architecture.Arm64 } },
            { FailureCodes.BaseUnsuitable, Debian with { RootDeviceType = "instance-store" } },
            { FailureCodes.BaseUnsuitable, Debian with { Virtualization = "paravirtual" } },
            { FailureCodes.BaseUnsuitable, Debian with { IsWindows = true } },
            { FailureCodes.BaseDeprecated, Debian with { DeprecatedAt = Now } },
            { FailureCodes.BaseTooOld, Debian with { CreatedAt = Now.AddDays(-121) } },
            { FailureCodes.BaseTooOld, Debian with { CreatedAt = null } },
            { FailureCodes.BaseUntrusted, Debian with { ProductCodes = ["aw0evgkw8e5c1q413zgy5pjce"] } },
        };

    [Theory]
    [MemberData(nameof(Untrusted))]
    public void Check_SomethingIsWrong_RefusesWithItsCode(string code, BaseImage image) =>
        Check(image, "136693071363").Should().Throw<BakeFailedException>().Which.Code.Should().Be(code);

    [Fact]
    public void Check_OwnerByAccount_Passes() => Check(Debian, "136693071363").Should().NotThrow();

    [Fact]
    public void Check_OwnerByAlias_Passes() =>
        Check(Debian with { OwnerId = "137112412989", OwnerAlias = "amazon" }, "amazon").Should().NotThrow();

    [Fact]
    public void Check_OwnerSelf_MeansThisAccount()
    {
        Check(Debian with { OwnerId = Account }, "self").Should().NotThrow();
        Check(Debian, "self").Should().Throw<BakeFailedException>();
    }

    [Fact]
    public void Check_OwnerThatOnlyTheRecipeTrusts_IsRefusedByThePolicy() =>
        Check(Debian, "136693071363", new BasePolicy { Owners = ["amazon", "self"] })
            .Should()
            .Throw<BakeFailedException>()
            .Where(refusal => refusal.Code == FailureCodes.BaseUntrusted)
            .WithMessage("*belongs to 136693071363, which the operator's policy does not allow (amazon, self)*");

    [Fact]
    public void Check_OlderThanThePolicyAllows_IsRefusedWhateverTheRecipeSays() =>
        Check(Debian, "136693071363", new BasePolicy { MaxAge = TimeSpan.FromDays(9) })
            .Should()
            .Throw<BakeFailedException>()
            .Which.Code.Should()
            .Be(FailureCodes.BaseTooOld);

    [Fact]
    public void Check_ForeignImageBehindAParameter_SaysWhichParameter() =>
        FluentActions
            .Invoking(() =>
                Check(Debian with { OwnerId = "666666666666" }, source => source with { Image = null, Parameter = "/shared/base" })
            )
            .Should()
            .Throw<BakeFailedException>()
            .WithMessage("*which parameter /shared/base names, belongs to 666666666666*");

    [Fact]
    public void Check_ProductCodeThatTheRecipeNames_Passes() =>
        FluentActions
            .Invoking(() => Check(Debian with { ProductCodes = ["abc"] }, source => source with { ProductCodes = ["abc"] }))
            .Should()
            .NotThrow();

    public static TheoryData<string, BaseImage> NotOurs =>
        new()
        {
            { "belongs to 136693071363", Ours with { OwnerId = "136693071363" } },
            { "has no recipe tag", Ours with { Tags = new Dictionary<string, string>() } },
            { "was made by recipe other", Ours with { Tags = Tags("other", ResourceTags.Passed) } },
            { "was never released", Ours with { Tags = Tags("golden", "rejected") } },
        };

    [Theory]
    [MemberData(nameof(NotOurs))]
    public void Check_MadeBy_RefusesWhatIsNoReleasedImageOfThatRecipe(string why, BaseImage image) =>
        FluentActions
            .Invoking(() => Check(image, source => source with { Owners = ["self", "136693071363"], MadeBy = "golden" }))
            .Should()
            .Throw<BakeFailedException>()
            .WithMessage($"*{why}*base.madeBy wants a released image of recipe golden*");

    [Fact]
    public void Check_MadeBy_TakesAReleasedImageOfThatRecipe() =>
        FluentActions.Invoking(() => Check(Ours, source => source with { Owners = ["self"], MadeBy = "golden" })).Should().NotThrow();

    private static BaseImage Ours => Debian with { OwnerId = Account, Tags = Tags("golden", ResourceTags.Passed) };

    private static Dictionary<string, string> Tags(string recipe, string verdict) =>
        new()
        {
            [ResourceTags.Recipe] = recipe,
            [ResourceTags.Verdict] = verdict,
            [ResourceTags.ReleasedAt] = "2026-11-20T03:00:00Z",
        };

    private static void Check(BaseImage image, Func<BaseSource, BaseSource> change)
    {
        var recipe = Recipe("136693071363");
        BaseTrust.Check(image, recipe with { Base = change(recipe.Base) }, new BasePolicy(), Account, Now);
    }

    private static Action Check(BaseImage image, string owner, BasePolicy? policy = null) =>
        () => BaseTrust.Check(image, Recipe(owner), policy ?? new BasePolicy(), Account, Now);

    private static Recipe Recipe(string owner) =>
        new()
        {
            Name = "debian-12-base",
            Owner = "platform-team",
            Platform = Platform.Linux,
            Architecture = Architecture.X86_64,
            Base = new BaseSource
            {
                Image = "ami-1",
                Owners = [owner],
                MaxAge = TimeSpan.FromDays(120),
            },
            Steps = [],
            Digest = "sha256:0",
        };
}
