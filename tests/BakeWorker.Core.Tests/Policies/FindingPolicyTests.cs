using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class FindingPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly Finding Openssl = new("CVE-2026-1", Severity.High, "openssl") { Package = "openssl", IsFixable = true };
    private static readonly BlockSpec Lenient = new() { Severity = Severity.Critical };

    [Theory]
    [InlineData(Severity.Critical, false)]
    [InlineData(Severity.High, false)]
    [InlineData(Severity.Untriaged, false)]
    [InlineData(Severity.Medium, true)]
    [InlineData(Severity.Low, true)]
    public void Judge_ByDefault_BlocksHighAndWorseAndTheUnrated(Severity severity, bool passes) =>
        Passes(new BlockSpec(), Openssl with { Severity = severity }).Should().Be(passes);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Judge_SuppressedInInspector_CountsUnlessTheRuleSaysOtherwise(bool ignored, bool passes) =>
        Passes(new BlockSpec { IgnoreSuppressed = ignored }, Openssl with { IsSuppressed = true }).Should().Be(passes);

    [Fact]
    public void Judge_FixableOnly_ToleratesWhatNobodyCanFix() =>
        Passes(new BlockSpec { FixableOnly = true, KnownExploit = true }, Openssl with { IsFixable = false, HasExploit = true })
            .Should()
            .BeTrue();

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Judge_LimitOfASeverity_AllowsSoManyAndNoMore(int found, bool passes)
    {
        var block = new BlockSpec { Max = new Dictionary<Severity, int> { [Severity.High] = 2 } };
        var judgement = Judge(block, [.. Enumerable.Range(1, found).Select(i => Openssl with { VulnerabilityId = $"CVE-2026-{i}" })]);

        judgement.Passed.Should().Be(passes);
        judgement.Broken.Select(rule => rule.Text).Should().Equal(passes ? [] : ["3 findings of severity high, at most 2 allowed"]);
    }

    [Fact]
    public void Judge_LimitBelowTheCeiling_CountsThere() =>
        Passes(new BlockSpec { Max = new Dictionary<Severity, int> { [Severity.Low] = 0 } }, Openssl with { Severity = Severity.Low })
            .Should()
            .BeFalse();

    [Theory]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public void Judge_Grace_CountsFromTheAdvisory(int daysOld, bool passes) =>
        Passes(Graceful, Openssl with { PublishedAt = Now.AddDays(-daysOld), FirstObservedAt = Now }).Should().Be(passes);

    [Fact]
    public void Judge_GraceWithUnknownDate_GivesNone() =>
        Passes(Graceful, Openssl with { PublishedAt = null, FirstObservedAt = Now }).Should().BeFalse();

    [Fact]
    public void Judge_GraceWithoutAFix_GivesNone() =>
        Passes(Graceful, Openssl with { IsFixable = false, PublishedAt = Now.AddDays(-1) }).Should().BeFalse();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Judge_KnownExploit_BlocksWhateverSeverityAndGrace(bool exploited, bool passes) =>
        Passes(
                Graceful with
                {
                    KnownExploit = true,
                },
                Openssl with
                {
                    Severity = Severity.Low,
                    HasExploit = exploited,
                    PublishedAt = Now.AddDays(-1),
                }
            )
            .Should()
            .Be(passes);

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.49, true)]
    [InlineData(null, true)]
    public void Judge_Epss_BlocksFromItsThreshold(double? epss, bool passes) =>
        Passes(Lenient with { Epss = 0.5 }, Openssl with { Epss = epss }).Should().Be(passes);

    [Theory]
    [InlineData(9.0, false)]
    [InlineData(8.9, true)]
    public void Judge_InspectorScore_BlocksFromItsThreshold(double score, bool passes) =>
        Passes(Lenient with { Score = 9 }, Openssl with { Score = score }).Should().Be(passes);

    [Fact]
    public void Judge_PolicyStricterThanTheRecipe_RejectsByThePolicy()
    {
        var judgement = FindingPolicy.Judge([Openssl], new ScanSpec { Block = Lenient }, new BlockSpec(), null, Now);

        judgement.Broken.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Rule = "severity", Of = "policy" });
        judgement.Blocking.Should().Equal(Openssl);
    }

    [Fact]
    public void Judge_RecipeStricterThanThePolicy_RejectsByTheRecipe() =>
        FindingPolicy.Judge([Openssl], new ScanSpec(), Lenient, null, Now).Broken.Should().ContainSingle().Which.Of.Should().Be("recipe");

    [Fact]
    public void Judge_TheUnrated_CountAsTheRuleSays() =>
        Passes(new BlockSpec { Untriaged = Severity.Medium }, Openssl with { Severity = Severity.Untriaged }).Should().BeTrue();

    private static BlockSpec Graceful => new() { Grace = TimeSpan.FromDays(7) };

    private static bool Passes(BlockSpec block, Finding finding) => Judge(block, finding).Passed;

    private static Judgement Judge(BlockSpec block, params Finding[] findings) =>
        FindingPolicy.Judge(findings, new ScanSpec { Block = block }, null, null, Now);
}
