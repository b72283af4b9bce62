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

    private static Action Check(BaseImage image, string owner) => () => BaseTrust.Check(image, Recipe(owner), Account, Now);

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
