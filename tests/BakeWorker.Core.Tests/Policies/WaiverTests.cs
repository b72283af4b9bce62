using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class WaiverTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly Finding Openssl = new("CVE-2026-1", Severity.High, "openssl") { Package = "openssl", IsFixable = true };

    [Fact]
    public void Waiver_OnItsLastDay_LetsItsFindingThroughAndSaysSo()
    {
        var judgement = Judge(Waiver(Today));

        judgement.Passed.Should().BeTrue();
        judgement.Waived.Should().Equal(Openssl);
        judgement.UsedWaivers.Should().ContainSingle();
    }

    [Fact]
    public void Waiver_ExpiredYesterday_BitesAgainAndTheMessageSaysSo()
    {
        var judgement = Judge(Waiver(Today.AddDays(-1)));

        judgement.Passed.Should().BeFalse();
        judgement.ExpiredWaivers.Should().ContainSingle();
        Failures.FindingsBlocked(judgement).Message.Should().EndWith("The waiver of CVE-2026-1 expired on 2026-11-21.");
    }

    [Fact]
    public void Waiver_ForAnotherPackage_DoesNotCover()
    {
        var judgement = Judge(Waiver(Today) with { Package = "curl" });

        judgement.Passed.Should().BeFalse();
        judgement.UnusedWaivers.Should().ContainSingle();
    }

    [Fact]
    public void Waiver_ForAnyPackage_Covers() => Judge(Waiver(Today) with { Package = null }).Passed.Should().BeTrue();

    [Fact]
    public void Waiver_OfWhatIsNotThere_IsReportedAsUnused() =>
        Judge(Waiver(Today), Waiver(Today) with { Vulnerability = "CVE-2020-9" })
            .UnusedWaivers.Should()
            .ContainSingle()
            .Which.Vulnerability.Should()
            .Be("CVE-2020-9");

    [Fact]
    public void Waiver_OfWhatIsToleratedAnyway_IsNeitherUsedNorUnused()
    {
        var judgement = FindingPolicy.Judge(
            [Openssl with { Severity = Severity.Low }],
            new ScanSpec { Waivers = [Waiver(Today)] },
            null,
            null,
            Now
        );

        judgement.UsedWaivers.Should().BeEmpty();
        judgement.UnusedWaivers.Should().BeEmpty();
    }

    [Fact]
    public void Waiver_TakesItsFindingOutOfALimitsCount()
    {
        var other = Openssl with { VulnerabilityId = "CVE-2026-2" };
        var block = new BlockSpec { Max = new Dictionary<Severity, int> { [Severity.High] = 1 } };
        var scan = new ScanSpec { Block = block, Waivers = [Waiver(Today)] };

        FindingPolicy.Judge([Openssl, other], scan, null, null, Now).Passed.Should().BeTrue();
        FindingPolicy.Judge([Openssl, other], scan with { Waivers = [] }, null, null, Now).Passed.Should().BeFalse();
    }

    private static Judgement Judge(params Waiver[] waivers) =>
        FindingPolicy.Judge([Openssl], new ScanSpec { Waivers = waivers }, null, null, Now);

    private static Waiver Waiver(DateOnly expires) =>
        new()
        {
            Vulnerability = "CVE-2026-1",
            Package = "openssl",
            Reason = "not reachable",
            ApprovedBy = "security",
            Expires = expires,
        };
}
