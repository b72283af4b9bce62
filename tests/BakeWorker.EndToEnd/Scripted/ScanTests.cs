using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What Inspector says, and does not say: only a scan that is provably done passes, and the verdict tells why.</summary>
public sealed class ScanTests
{
    private const string CriticalCurl = "CVE-2023-38545";
    private static readonly PackageList Old = new("Debian:12", [new Package("curl", "7.88.1-10", "curl", "amd64")]);
    private static readonly PackageList Clean = new("Debian:12", [new Package("curl", "8.0-1", "curl", "amd64")]);

    [Theory]
    [InlineData(ScanSource.Image)]
    [InlineData(ScanSource.Both)]
    public void ImageScan_ThatSaysNothing_IsNoPass(ScanSource source)
    {
        using var bakery = Open(Clean);
        bakery.Cloud.Inspector.Behavior.HidesImageFindings = true;

        var result = bakery.Bake(Scanned(bakery, scan => scan with { Source = source }));

        result.Failure!.Code.Should().Be(FailureCodes.ScanTimedOut);
        result.Verdict.Should().BeNull("nothing was judged");
        bakery.Time.Run(bakery.LeftoversAsync).Should().BeEmpty();
    }

    [Fact]
    public void InstanceScan_ThatNeverComes_SaysWhatInspectorSaidLast()
    {
        using var bakery = Open(Clean);
        bakery.Cloud.Inspector.Behavior.NeverFinishes = true;

        bakery.Bake().Failure!.Message.Should().Contain("PENDING_INITIAL_SCAN");
    }

    [Theory]
    [InlineData(false, Outcome.Rejected)]
    [InlineData(true, Outcome.Published)]
    public void InstanceScan_WithoutLanguages_PassesOnlyWhereTheRecipeSaysSo(bool partial, Outcome outcome)
    {
        using var bakery = Open(Clean);
        bakery.Cloud.Inspector.Behavior.PartialScan = "DEEP_INSPECTION_NO_INVENTORY";

        var result = bakery.Bake(Scanned(bakery, scan => scan with { Partial = partial }));

        result.Outcome.Should().Be(outcome, result.Failure?.Message);
        (result.Failure?.Message ?? "").Contains("DEEP_INSPECTION_NO_INVENTORY").Should().Be(!partial);
    }

    [Fact]
    public void InstanceScan_OfAReasonNobodyKnows_IsNoPass()
    {
        using var bakery = Open(Clean);
        bakery.Cloud.Inspector.Behavior.InstanceScanFailure = "A_WORD_OF_TOMORROW";

        var failure = bakery.Bake().Failure!;

        failure.Code.Should().Be(FailureCodes.ScanTimedOut);
        failure.Message.Should().Contain("A_WORD_OF_TOMORROW, which is not known here");
    }

    [Fact]
    public void ImageScan_ThatFailsByInspectorsFault_IsTriedAgain()
    {
        using var bakery = Open(Clean);
        var recipe = Scanned(bakery, scan => scan with { Source = ScanSource.Image });
        bakery.Cloud.Inspector.Behavior.ImageScanFailure = "INTERNAL_ERROR";

        var failure = bakery.Time.Run(() => Assert.ThrowsAsync<BakeFailedException>(() => bakery.BakeAsync(recipe, retry: true)));
        failure.Kind.Should().Be(FailureKind.Transient);
        bakery.Cloud.Inspector.Behavior.ImageScanFailure = null;

        bakery.Bake(recipe).Outcome.Should().Be(Outcome.Published);
    }

    [Theory]
    [InlineData(false, Outcome.Rejected)]
    [InlineData(true, Outcome.Published)]
    public void Critical_SuppressedInInspector_PassesOnlyWhereTheRecipeSaysSo(bool ignored, Outcome outcome)
    {
        using var bakery = Open(Old);
        bakery.Cloud.Inspector.Behavior.Suppressed.Add("*");

        var result = bakery.Bake(
            Scanned(
                bakery,
                scan =>
                    scan with
                    {
                        Block = new BlockSpec { Severity = Severity.Critical, IgnoreSuppressed = ignored },
                    }
            )
        );

        result.Outcome.Should().Be(outcome, result.Failure?.Message);
        result.Verdict!.Suppressed.Should().BeGreaterThan(0);
        (result.Failure?.Evidence ?? "")
            .Contains($"{CriticalCurl} curl 7.88.1 (fixed in 7.88.1-10+deb12u4) (suppressed in Inspector)")
            .Should()
            .Be(!ignored, result.Failure?.Evidence);
    }

    /// <summary>Filters of the account are written for kinds of resources: what they hide on an instance, the scan of the image still shows.</summary>
    [Fact]
    public void Critical_SuppressedForOneOfTwoScans_CountsByTheOther()
    {
        using var bakery = Open(Old);
        bakery.Cloud.Inspector.Behavior.Suppressed.Add("*");

        var result = bakery.Bake(
            Scanned(
                bakery,
                scan =>
                    scan with
                    {
                        Source = ScanSource.Both,
                        Block = new BlockSpec { Severity = Severity.Critical, IgnoreSuppressed = true },
                    }
            )
        );

        result.Failure!.Evidence.Should().Contain(CriticalCurl);
        result.Outcome.Should().Be(Outcome.Rejected);
    }

    [Fact]
    public void Exploited_Finding_RejectsWhateverItsSeverity()
    {
        using var bakery = Open(Old);
        bakery.Cloud.Inspector.Behavior.Exploited.Add("CVE-2023-46218");

        var result = bakery.Bake(Scanned(bakery, scan => scan with { Block = Nothing with { KnownExploit = true } }));

        result.Verdict!.Broken.Should().ContainSingle().Which.Rule.Should().Be("known-exploit");
        result.Failure!.Message.Should().Contain("1 finding with a known exploit, none allowed (CVE-2023-46218)");
    }

    [Theory]
    [InlineData(0.93, Outcome.Rejected)]
    [InlineData(0.1, Outcome.Published)]
    public void Epss_FromItsThreshold_Rejects(double epss, Outcome outcome)
    {
        using var bakery = Open(Old);
        bakery.Cloud.Inspector.Behavior.Epss["CVE-2023-46218"] = epss;

        bakery.Bake(Scanned(bakery, scan => scan with { Block = Nothing with { Epss = 0.5 } })).Outcome.Should().Be(outcome);
    }

    [Fact]
    public void Waiver_Valid_IsNamedInTheResult_AndOneOfNothingToo()
    {
        using var bakery = Open(Old);

        var result = bakery.Bake(Waiving(bakery, bakery.Time.GetUtcNow().AddDays(1), CriticalCurl, "CVE-2001-1"));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Findings!.Waived.Should().Be(1);
        result.Verdict!.Waived.Should().ContainSingle().Which.Vulnerability.Should().Be(CriticalCurl);
        result.Verdict.Unused.Should().ContainSingle().Which.Vulnerability.Should().Be("CVE-2001-1");
    }

    [Fact]
    public void Waiver_Expired_BitesAgainAndSaysSo()
    {
        using var bakery = Open(Old);
        var yesterday = bakery.Time.GetUtcNow().AddDays(-1);

        var result = bakery.Bake(Waiving(bakery, yesterday, CriticalCurl));

        result.Failure!.Code.Should().Be(FailureCodes.FindingsBlocked);
        result.Failure.Message.Should().EndWith($"The waiver of {CriticalCurl} expired on {yesterday:yyyy-MM-dd}.");
        result.Verdict!.Expired.Should().ContainSingle();
    }

    [Fact]
    public void Image_WorseThanTheOneInUse_IsRejected_AndOneThatIsNotIsPublished()
    {
        using var bakery = Open(Clean);
        var recipe = Scanned(bakery, scan => scan with { Block = Nothing with { NotWorse = true } });
        var first = bakery.Bake(recipe, "first");
        bakery.Scenario.Guest().Packages(Old);

        var worse = bakery.Bake(recipe, "worse");
        bakery.Scenario.Guest().Packages(Clean);
        var same = bakery.Bake(recipe, "same");

        first.Outcome.Should().Be(Outcome.Published, first.Failure?.Message);
        worse.Verdict!.Broken.Should().ContainSingle().Which.Rule.Should().Be("not-worse");
        worse.Failure!.Message.Should().Contain($"{first.Images.Values.Single()}, now in use, had 0");
        same.Outcome.Should().Be(Outcome.Published, same.Failure?.Message);
    }

    private static BlockSpec Nothing { get; } =
        new()
        {
            Severity = Severity.Critical,
            Max = new Dictionary<Severity, int> { [Severity.Critical] = 1000 },
        };

    private static Bakery Open(PackageList packages)
    {
        var bakery = Bakery.Open();
        bakery.Scenario.Guest().Packages(packages);
        return bakery;
    }

    private static Recipe Scanned(Bakery bakery, Func<ScanSpec, ScanSpec> change) =>
        bakery.Recipe() is var recipe ? recipe with { Scan = change(recipe.Scan) } : null!;

    private static Recipe Waiving(Bakery bakery, DateTimeOffset until, params string[] vulnerabilities) =>
        Scanned(
            bakery,
            scan =>
                scan with
                {
                    Block = new BlockSpec { Severity = Severity.Critical },
                    Waivers =
                    [
                        .. vulnerabilities.Select(vulnerability => new Waiver
                        {
                            Vulnerability = vulnerability,
                            Reason = "no client of ours uses SOCKS5",
                            ApprovedBy = "a.lovelace",
                            Expires = DateOnly.FromDateTime(until.UtcDateTime),
                        }),
                    ],
                }
        );
}
