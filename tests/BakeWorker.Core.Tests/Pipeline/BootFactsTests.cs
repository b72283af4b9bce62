using BakeWorker.Core.Pipeline.Booting;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Pipeline;

public sealed class BootFactsTests
{
    [Fact]
    public void Facts_OfAnInstance_AreReadLineByLine()
    {
        var facts = BootFacts.Parse(
            "boot\tid 14\ncheck\tports\tpassed\ttcp/22\ncheck\tstartup\tfailed\ttook 99 s\ncheck\tsysctl\tnot-applicable\t\n"
        )!;

        facts.BootId.Should().Be("id 14");
        facts
            .Checks.Should()
            .Equal(
                new BootCheck("ports", CheckResult.Passed, "tcp/22"),
                new BootCheck("startup", CheckResult.Failed, "took 99 s"),
                new BootCheck("sysctl", CheckResult.NotApplicable)
            );
    }

    [Fact]
    public void Facts_WithAWordNobodyKnows_AreNoPass() =>
        BootFacts.Parse("boot\tid\ncheck\tports\tprobably\t\n")!.Failed.Should().ContainSingle();

    [Theory]
    [InlineData("")]
    [InlineData("check\tports\tpassed\t\n")]
    public void Facts_ThatDoNotBeginWithTheBoot_AreNone(string output) => BootFacts.Parse(output).Should().BeNull();

    [Theory]
    [InlineData("", "")]
    [InlineData("s", "s")]
    [InlineData("sss", "s|s|s")]
    [InlineData("ppp", "ppp")]
    [InlineData("sppsps", "s|pp|s|p|s")]
    [InlineData("ppppppp", "ppppp|pp")]
    public void Tests_ThatBearEachOther_StartTogether(string tests, string groups) =>
        string.Join(
                '|',
                RecipeTests
                    .Groups([.. tests.Select((kind, i) => Test($"{i}", kind == 'p'))])
                    .Select(group => string.Concat(group.Select(test => test.IsParallel ? 'p' : 's')))
            )
            .Should()
            .Be(groups);

    private static TestSpec Test(string name, bool parallel) =>
        new()
        {
            Name = name,
            Script = "",
            ScriptPath = "",
            IsParallel = parallel,
        };
}
