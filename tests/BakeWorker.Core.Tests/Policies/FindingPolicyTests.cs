using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class FindingPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly Finding Openssl = new("CVE-2026-1", Severity.High, "openssl") { Package = "openssl", IsFixable = true };

    [Theory]
    [InlineData(Severity.Critical, false)]
    [InlineData(Severity.High, false)]
    [InlineData(Severity.Untriaged, false)]
    [InlineData(Severity.Medium, true)]
    [InlineData(Severity.Low, true)]
    public void Judge_ByDefault_BlocksHighAndWorseAndTheUnrated(Severity severity, bool passes) =>
        Judge(Openssl with { Severity = severity }, new ScanSpec()).Passed.Should().Be(passes);

    [Fact]
    public void Judge_SuppressedInInspector_StillBlocks() =>
        Judge(Openssl with { IsSuppressed = true }, new ScanSpec()).Passed.Should().BeFalse();

    [Fact]
    public void Judge_FixableOnly_ToleratesWhatNobodyCanFix() =>
        Judge(Openssl with { IsFixable = false }, new ScanSpec { Block = new BlockSpec { FixableOnly = true } }).Passed.Should().BeTrue();

    [Theory]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public void Judge_Grace_CountsFromTheAdvisory(int daysOld, bool passes) =>
        Judge(Openssl with { PublishedAt = Now.AddDays(-daysOld), FirstObservedAt = Now }, Graceful()).Passed.Should().Be(passes);

    [Fact]
    public void Judge_GraceWithUnknownDate_GivesNone() =>
        Judge(Openssl with { PublishedAt = null, FirstObservedAt = Now }, Graceful()).Passed.Should().BeFalse();

    [Fact]
    public void Judge_Waived_PassesAndSaysSo() => Judge(Openssl, Waived(new DateOnly(2026, 11, 22))).Waived.Should().ContainSingle();

    [Fact]
    public void Judge_WaiverExpiredYesterday_BitesAgain() => Judge(Openssl, Waived(new DateOnly(2026, 11, 21))).Passed.Should().BeFalse();

    [Fact]
    public void Judge_WaiverForAnotherPackage_DoesNotCover() =>
        Judge(Openssl with { Package = "curl" }, Waived(new DateOnly(2027, 1, 1))).Passed.Should().BeFalse();

    private static Judgement Judge(Finding finding, ScanSpec spec) => FindingPolicy.Judge([finding], spec, Now);

    private static ScanSpec Graceful() => new() { Block = new BlockSpec { Grace = TimeSpan.FromDays(7) } };

    private static ScanSpec Waived(DateOnly expires) =>
        new()
        {
            Waivers =
            [
                new Waiver
                {
                    Vulnerability = "CVE-2026-1",
                    Package = "openssl",
                    Reason = "not reachable",
                    ApprovedBy = "security",
                    Expires = expires,
                },
            ],
        };
}
