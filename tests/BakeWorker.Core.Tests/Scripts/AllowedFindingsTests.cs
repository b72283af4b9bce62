using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>Findings that somebody accepts, as the script gets them.</summary>
public sealed class AllowedFindingsTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private readonly FakeRoot root = new();

    public AllowedFindingsTests()
    {
        root.Write("opt/app/public.p12", "x");
        root.Write("opt/app/keys/deep/own.p12", "x");
        root.Write("root/.netrc", "machine x");
    }

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("key-store", "/opt/app/public.p12", 2)]
    [InlineData("key-store", "/opt/app/*", 1)]
    [InlineData("key-store", "/opt/*.p12", 1)]
    [InlineData("key-store", "/opt/app/publi?.p12", 2)]
    [InlineData("netrc", "/opt/app/*", 3)]
    [InlineData("key-store", "/opt/app", 3)]
    [InlineData("key", "/opt/app/*", 3)]
    public void Allowance_LeavesOutWhatFitsItsRuleAndPath_AndNothingElse(string rule, string path, int left)
    {
        var run = Sweep(Allow(rule, path, Today));

        run.Lines[0].Should().StartWith($"sweep\t{left} findings\t{3 - left} allowed");
        run.Lines.Should().HaveCount(1 + left);
        run.ExitCode.Should().Be(20);
    }

    [Fact]
    public void Allowances_ForEverything_LetTheImagePass()
    {
        var run = Sweep(Allow("key-store", "/opt/app/*", Today), Allow("netrc", "/root/.netrc", Today.AddYears(1)));

        run.ExitCode.Should().Be(0);
        HygieneReport.Parse(run.Output).Should().BeEquivalentTo(new HygieneReport(0, 3, []));
    }

    [Fact]
    public void Allowance_TheDayAfterItsLast_BitesAgain() =>
        Sweep(Allow("key-store", "/opt/app/*", Today.AddDays(-1))).Lines[0].Should().StartWith("sweep\t3 findings\t0 allowed");

    [Fact]
    public void Allowance_WithSpacesAndSignsOfTheShell_IsOnlyAPattern()
    {
        root.Write("opt/app/two words $(id).p12", "x");

        Sweep(Allow("key-store", "/opt/app/two words $(id).p12", Today)).Lines[0].Should().StartWith("sweep\t3 findings\t1 allowed");
    }

    private static Allowance Allow(string rule, string path, DateOnly expires) =>
        new()
        {
            Rule = rule,
            Path = path,
            Reason = "test",
            ApprovedBy = "a.lovelace",
            Expires = expires,
        };

    private ScriptRun Sweep(params Allowance[] allowances)
    {
        var task = BuiltInScripts.HygieneOnBuilder(Platform.Linux, new HygieneSpec { Allowances = allowances }, Today);
        return root.RunBuiltIn("hygiene-builder", ("SINCE", "0"), ("ALLOWED", task.Environment["ALLOWED"]));
    }
}
