using BakeWorker.Core.Pipeline.Booting;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The scripts of gates, with stand-ins for their tools: a score only from a tool that came to its end.</summary>
public sealed class GateTests : IDisposable
{
    private readonly Programs _programs = new();

    public GateTests()
    {
        foreach (var tool in (string[])["dirname", "true", "touch"])
        {
            _programs.Link(tool);
        }
    }

    public void Dispose() => _programs.Dispose();

    [Fact]
    public void Lynis_ToldItsIndex_AndItsWarnings()
    {
        AddLynis("hardening_index=71\\nwarning[]=SSH-7408|weak ciphers|-|-|\\nwarning[]=PKGS-7392|old packages|-|-|\\nfinish=true\\n");

        var run = Run("gate-lynis");

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().StartWith(["SSH-7408 weak ciphers", "PKGS-7392 old packages"]);
        TestScore.Parse(run.Output).Should().Be(new TestScore(71, 2));
    }

    [Theory]
    [InlineData("hardening_index=71\\n")]
    [InlineData("finish=true\\n")]
    public void Lynis_ThatDidNotComeToItsEnd_HasNoScore(string report)
    {
        AddLynis(report);

        ShouldFail("gate-lynis", 4);
    }

    [Fact]
    public void OpenScap_ToldTheScore_AndTheRulesThatFailed()
    {
        AddOpenScap(
            2,
            """
            <rule-result idref="rule_a"><result>fail</result></rule-result>
            <rule-result idref="rule_b">
              <result>error</result>
            </rule-result>
            <rule-result idref="rule_c"><result>pass</result></rule-result>
            <score system="urn:xccdf:scoring:default" maximum="100.000000">87.512345</score>
            """
        );

        var run = Run("gate-openscap", ("CONTENT", _programs.At("content.xml")), ("PROFILE", "standard"));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().StartWith(["rule_a", "rule_b"]);
        TestScore.Parse(run.Output).Should().Be(new TestScore(87.512345, 2));
        _programs.Calls.Should().ContainSingle().Which.Should().StartWith("oscap xccdf eval --profile standard --results ");
    }

    [Theory]
    [InlineData(1, "<score maximum=\"100\">87</score>")]
    [InlineData(0, "<TestResult/>")]
    [InlineData(0, "<rule-result idref=\"a\"><result>notapplicable</result></rule-result><score maximum=\"100\">100</score>")]
    public void OpenScap_ThatBroke_HasNoScore(int code, string results)
    {
        AddOpenScap(code, results);

        ShouldFail("gate-openscap", 4, ("CONTENT", _programs.At("content.xml")), ("PROFILE", "standard"));
    }

    [Fact]
    public void Goss_CountsWhatPassed_AndWhatWasSkippedDidNot()
    {
        AddGoss(
            """{"results":[{"successful":false,"summary-line":"Port: tcp:22: listening: matches"},{"successful":true,"summary-line":"b"}],"summary":{"failed-count":1,"skipped-count":1,"summary-line":"Count: 8","test-count":8,"total-duration":1}}"""
        );

        var run = Run("gate-goss", ("GOSS_FILE", _programs.At("goss.yaml")));

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines[0].Should().Be("Port: tcp:22: listening: matches");
        TestScore.Parse(run.Output).Should().Be(new TestScore(75, 2));
    }

    [Theory]
    [InlineData("""{"summary":{"failed-count":0,"skipped-count":0,"test-count":0}}""")]
    [InlineData("Error: could not read file")]
    public void Goss_ThatTestsNothing_HasNoScore(string output)
    {
        AddGoss(output);

        ShouldFail("gate-goss", 4, ("GOSS_FILE", _programs.At("goss.yaml")));
    }

    [Theory]
    [InlineData("gate-lynis")]
    [InlineData("gate-openscap")]
    [InlineData("gate-goss")]
    public void Tool_ThatIsNotThere_IsNoPass(string gate) =>
        ShouldFail(gate, 3, ("CONTENT", "/none"), ("PROFILE", "x"), ("GOSS_FILE", "/none"));

    [Theory]
    [InlineData("score=71\nfailed=2\n", 71, 2)]
    [InlineData("x\nscore=1\nscore=87.25\r\n", 87.25, null)]
    public void Score_IsTheLastOneTold(string output, double value, int? failed) =>
        TestScore.Parse(output).Should().Be(new TestScore(value, failed));

    [Theory]
    [InlineData("")]
    [InlineData("score=\n")]
    [InlineData("score=-1\n")]
    [InlineData("score=101\n")]
    [InlineData("score=NaN\n")]
    [InlineData("the score=90\n")]
    [InlineData("score=9e1\n")]
    public void Score_ThatCannotBeRead_IsNone(string output) => TestScore.Parse(output).Should().BeNull();

    private void AddLynis(string report) =>
        _programs.Add(
            "lynis",
            $"while [ $# -gt 0 ]; do if [ \"$1\" = --report-file ]; then printf '{report}' >\"$2\"; fi; shift; done; exit 78"
        );

    private void AddOpenScap(int code, string results)
    {
        File.WriteAllText(_programs.At("content.xml"), "<content/>");
        File.WriteAllText(_programs.At("results.xml"), results);
        _programs.Add("oscap", $"cat '{_programs.At("results.xml")}' >\"$6\"; exit {code}");
    }

    private void AddGoss(string output)
    {
        File.WriteAllText(_programs.At("goss.yaml"), "port: {}");
        File.WriteAllText(_programs.At("goss.json"), output);
        _programs.Add("goss", $"cat '{_programs.At("goss.json")}'; exit 1");
    }

    private void ShouldFail(string gate, int code, params (string, string)[] environment)
    {
        var run = Run(gate, environment);

        run.ExitCode.Should().Be(code);
        run.Error.Should().StartWith("gate: ");
        TestScore.Parse(run.Output).Should().BeNull();
    }

    private ScriptRun Run(string gate, params (string, string)[] environment) => _programs.Run(FakeRoot.BuiltIn(gate), environment);
}
