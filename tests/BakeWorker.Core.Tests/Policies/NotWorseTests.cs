using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class NotWorseTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly BlockSpec Block = new() { Severity = Severity.Critical, NotWorse = true };

    [Theory]
    [InlineData("high high", "high high medium", true)]
    [InlineData("high high", "high high", true)]
    [InlineData("high medium", "high high", true)]
    [InlineData("high high high", "high high medium medium", false)]
    [InlineData("medium medium", "medium", false)]
    [InlineData("low", "", false)]
    public void Image_ComparedWithTheOneInUse_IsDecidedByTheSeverestDifference(string found, string before, bool passes) =>
        Judge(Findings(found), new FindingCounts(Now.AddDays(-1), Counts(before))).Passed.Should().Be(passes);

    [Fact]
    public void Finding_ThatBecameKnownSince_IsInThePredecessorAsWell() =>
        Judge(
            [new Finding("CVE-2026-7", Severity.High, "new") { PublishedAt = Now.AddHours(-1) }],
            new FindingCounts(Now.AddDays(-1), Counts(""))
        )
            .Passed.Should()
            .BeTrue();

    [Fact]
    public void Finding_WithoutADate_CountsAsKnown() =>
        Judge([new Finding("CVE-2026-7", Severity.High, "new")], new FindingCounts(Now, Counts(""))).Passed.Should().BeFalse();

    [Fact]
    public void NoImageInUse_IsNothingToBeWorseThan() =>
        FindingPolicy.Judge(Findings("high"), new ScanSpec { Block = Block }, null, null, Now).Passed.Should().BeTrue();

    [Fact]
    public void ImageInUse_ThatTellsNothing_IsNoPass()
    {
        var judgement = Judge([], null);

        judgement.Passed.Should().BeFalse();
        judgement.Broken.Single().Text.Should().Contain("ami-1, now in use, does not tell what was found in it");
    }

    [Fact]
    public void Counts_WrittenAndRead_AreTheSame()
    {
        var counts = FindingCounts.Of(Findings("high high low"), Now);

        counts.ToTag().Should().Be("2026-11-22T03:00:00Z untriaged=0 critical=0 high=2 medium=0 low=1 informational=0");
        var read = FindingCounts.Find(new Dictionary<string, string> { [ResourceTags.Findings] = counts.ToTag() })!;
        read.At.Should().Be(Now);
        read.BySeverity[Severity.High].Should().Be(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-11-22T03:00:00Z critical=0 high=2")]
    [InlineData("2026-11-22T03:00:00Z untriaged=0 critical=-1 high=2 medium=0 low=1 informational=0")]
    [InlineData("yesterday untriaged=0 critical=0 high=2 medium=0 low=1 informational=0")]
    public void Counts_ThatDoNotTellEverything_AreNone(string? tag) =>
        FindingCounts.Find(tag is null ? [] : new Dictionary<string, string> { [ResourceTags.Findings] = tag }).Should().BeNull();

    private static Judgement Judge(IReadOnlyList<Finding> findings, FindingCounts? before) =>
        FindingPolicy.Judge(findings, new ScanSpec { Block = Block }, null, new CurrentImage(new ImageId("ami-1"), before), Now);

    private static IReadOnlyList<Finding> Findings(string severities) =>
        [.. Severities(severities).Select((severity, i) => new Finding($"CVE-2026-{i}", severity, "") { PublishedAt = Now.AddDays(-30) })];

    private static Dictionary<Severity, int> Counts(string severities) =>
        Enum.GetValues<Severity>().ToDictionary(severity => severity, severity => Severities(severities).Count(one => one == severity));

    private static IEnumerable<Severity> Severities(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Enum.Parse<Severity>(word, ignoreCase: true));
}
