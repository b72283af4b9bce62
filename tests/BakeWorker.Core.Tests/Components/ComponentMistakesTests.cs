using BakeWorker.Core.Linting;

namespace BakeWorker.Core.Tests.Components;

/// <summary>Components that would run, but not do what they say.</summary>
public sealed class ComponentMistakesTests : IDisposable
{
    private const string Head = "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n";
    private const string Version = "parameters:\n  - Version: { type: string }\n";
    private readonly ComponentBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("action: Reboot", "action is 'Reboot' in phase test, where nothing restarts; write boot: { reboot: true } in the recipe")]
    [InlineData(
        "action: ExecuteBash, maxAttempts: 3, inputs: { commands: ['true'] }",
        "maxAttempts is '3' in phase test, where a step has one try; try again in ExecuteBash"
    )]
    public void Test_ThatAsksForWhatTestsDoNotHave_IsRefused(string step, string error) =>
        _box.Errors($"schemaVersion: 1.0\nphases:\n  - name: test\n    steps:\n      - {{ name: a, {step} }}\n")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"phases[0].steps[0].{error}");

    [Theory]
    [InlineData("action: ExecuteBinary, inputs: { path: /bin/echo, arguments: ['{{ Version }}'] }", "stdout")]
    [InlineData("action: ReadFile, inputs: [{ path: '@ROOT@/version' }]", "content")]
    public void Output_ThatHoldsAValueOfTheRequest_ReachesNoShell(string step, string output)
    {
        var component =
            Version
            + Head
            + "      - { name: Note, action: CreateFile, inputs: [{ path: '@ROOT@/version', content: '{{ Version }}' }] }\n"
            + $"      - {{ name: Say, {step} }}\n"
            + "      - { name: Use, action: ACTION }\n";
        var reference = $"{{{{ build.Say.outputs.{output} }}}}";

        _box.Errors(
                component.Replace("ACTION", $"ExecuteBash, inputs: {{ commands: ['echo {reference}'] }}"),
                "with: { Version: '${appVersion}' }"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"{reference} may hold a value of the request, and no shell may read that as text");
        _box.Errors(
                component.Replace("ACTION", $"ExecuteBinary, inputs: {{ path: /bin/echo, arguments: ['{reference}'] }}"),
                "with: { Version: '${appVersion}' }"
            )
            .Should()
            .BeEmpty();
        _box.Errors(component.Replace("ACTION", $"ExecuteBash, inputs: {{ commands: ['echo {reference}'] }}"), "with: { Version: '1' }")
            .Should()
            .BeEmpty("what the recipe says is no value of the request");
    }

    [Fact]
    public void Loop_OverAValueOfTheRequest_IsRefused_BecauseItsTurnsAreNotKnown() =>
        _box.Errors(
                Version
                    + Head
                    + "      - { name: a, action: ExecuteBinary, loop: { forEach: { list: '{{ Version }}' } }, inputs: { path: /bin/echo, arguments: ['{{ loop.value }}'] } }\n",
                "with: { Version: '${appVersion}' }"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("${appVersion} is known only when a request comes, but the turns of a loop must be known before");

    [Theory]
    [InlineData("build.Say.output.stdout")]
    [InlineData("build.Say[0].outputs.stdout")]
    [InlineData("Build.Say.outputs.stdout")]
    [InlineData("build.outputs.stdout")]
    public void Reference_ThatIsNearlyOne_IsNoText(string reference) =>
        _box.Errors(
                Head
                    + "      - { name: Say, action: ExecuteBash, inputs: { commands: ['echo hello'] } }\n"
                    + $"      - {{ name: Use, action: ExecuteBash, inputs: {{ commands: ['echo {{{{ {reference} }}}}'] }} }}\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"{{{{ {reference} }}}} is no reference to a step; write PHASE.STEP.outputs.NAME or PHASE.STEP.inputs.NAME");

    [Theory]
    [InlineData(
        Head
            + "      - { name: a, action: Reboot }\n      - { name: b, action: Reboot }\n      - { name: a, action: Reboot, maxAttempts: 2 }\n",
        "phases[0].steps[2].name is 'a', as is that of the step in line 5"
    )]
    [InlineData(
        Head + "      - { name: a, action: Reboot }\n  - name: build\n    steps:\n      - { name: b, action: Reboot }\n",
        "phases[1].name is 'build', as is that of the phase in line 3"
    )]
    public void Name_GivenTwice_IsRefused(string component, string error) =>
        _box.Errors(component).Should().ContainSingle().Which.Should().Contain(error);

    [Theory]
    [InlineData("CopyFile, inputs: [{ source: '', destination: /srv/a }]", "inputs[0].source is '', which is empty")]
    [InlineData("MoveFile, inputs: [{ source: /srv/a, destination: '' }]", "inputs[0].destination is '', which is empty")]
    [InlineData("DeleteFile, inputs: [{ path: '' }]", "inputs[0].path is '', which is empty")]
    public void Path_ThatIsEmpty_IsRefused(string action, string error) =>
        _box.Errors(Head + $"      - {{ name: a, action: {action} }}\n").Should().ContainSingle().Which.Should().Contain(error);

    [Fact]
    public void Step_WithAQuoteInItsName_MayBeReferredTo()
    {
        var runs = _box.Run(
            Head
                + "      - { name: \"Don't $(touch @ROOT@/hit)\", action: ExecuteBash, inputs: { commands: ['echo hello'] } }\n"
                + "      - { name: Use, action: ExecuteBinary, inputs: { path: /bin/echo, arguments: [\"{{ build.Don't $(touch @ROOT@/hit).outputs.stdout }}!\"] } }\n"
                + "      - { name: Again, action: ExecuteBash, inputs: { commands: [\"echo {{ build.Don't $(touch @ROOT@/hit).outputs.stdout }}?\"] } }\n"
        );

        runs.Select(run => run.Run.Output).Should().Equal(["hello\n", "hello!\n", "hello?\n"], "{0}", runs);
        File.Exists(Path.Combine(_box.Root, "hit")).Should().BeFalse();
    }

    [Fact]
    public void Braces_ThatNeverClose_AreReadAsQuicklyAsOtherText() =>
        _box.Errors(
                Head + $"      - {{ name: a, action: ExecuteBash, inputs: {{ commands: [\"echo '{{{{{new string(' ', 100_000)}'\"] }} }}\n"
            )
            .Should()
            .BeEmpty();

    [Fact]
    public void Allowance_NamesANumberOfShellcheck_AsAnyOtherRule()
    {
        RecipeLint.IsAllowed("SC2086", ["# lint: allow SC2086, because the words are split on purpose", "ls $names"], 1).Should().BeTrue();
        RecipeLint.IsAllowed("SC2087", ["# lint: allow SC2086", "ls $names"], 1).Should().BeFalse();
    }
}
