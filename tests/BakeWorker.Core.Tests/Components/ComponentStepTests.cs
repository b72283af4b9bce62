using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Components;

/// <summary>What the keys of a component's step, its loops and its references become.</summary>
public sealed class ComponentStepTests : IDisposable
{
    private const string Head = "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n";
    private readonly ComponentBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("", FailurePolicy.Abort)]
    [InlineData("onFailure: Abort,", FailurePolicy.Abort)]
    [InlineData("onFailure: Continue,", FailurePolicy.Continue)]
    [InlineData("onFailure: Ignore,", FailurePolicy.Ignore)]
    public void OnFailure_OfAStep_IsTheRecipes(string key, FailurePolicy policy) =>
        Step($"{{ name: a, {key} action: ExecuteBash, inputs: {{ commands: ['true'] }} }}").OnFailure.Should().Be(policy);

    [Fact]
    public void Limits_OfAStep_AreItsOwn_OrThoseOfTheRecipe()
    {
        var own = Step("{ name: a, maxAttempts: 4, timeoutSeconds: 90, action: ExecuteBash, inputs: { commands: ['true'] } }");
        var none = Step("{ name: a, action: ExecuteBash, inputs: { commands: ['true'] } }");

        (own.Retries, own.Timeout).Should().Be((3, TimeSpan.FromSeconds(90)));
        (none.Retries, none.Timeout).Should().Be((0, TimeSpan.FromMinutes(7)));
    }

    [Fact]
    public void Ignore_InATest_IsRefused() =>
        _box.Errors(
                "schemaVersion: 1.0\nphases:\n  - name: test\n    steps:\n      - { name: a, onFailure: Ignore, action: ExecuteBash, inputs: { commands: ['true'] } }\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("a test that may fail proves nothing");

    [Theory]
    [InlineData("for: { start: 1, end: 5, updateBy: 2 }", "1 3 5")]
    [InlineData("for: { start: 3, end: 3, updateBy: 1 }", "3")]
    [InlineData("for: { start: 2, end: -2, updateBy: -2 }", "2 0 -2")]
    [InlineData("forEach: [one, two, three]", "one two three")]
    [InlineData("forEach: { list: 'a,b,c' }", "a b c")]
    [InlineData("forEach: { list: 'a,b;c', delimiter: ';' }", "a,b c")]
    public void Loop_IsATurnForEachOfItsValues(string loop, string values)
    {
        var runs = _box.Run(
            Head
                + $"      - {{ name: a, action: ExecuteBash, loop: {{ {loop} }}, inputs: {{ commands: ['echo {{{{ loop.value }}}}'] }} }}\n"
        );

        runs.Select(run => run.Run.Output.Trim()).Should().Equal(values.Split(' '));
    }

    [Theory]
    [InlineData("for: { start: 1, end: 51, updateBy: 1 }", "has more than 50 turns; write 1 to 50")]
    [InlineData("for: { start: 5, end: 1, updateBy: 1 }", "has no turn; write 1 to 50")]
    [InlineData("for: { start: 1, end: 5, updateBy: 0 }", "has no turn; write 1 to 50")]
    [InlineData("forEach: ['{{ build.first.outputs.stdout }}']", "the turns of a loop must be known before")]
    public void Loop_WhoseTurnsAreNone_OrTooMany_OrUnknown_IsRefused(string loop, string error) =>
        _box.Errors(
                Head
                    + "      - { name: first, action: ExecuteBash, inputs: { commands: [date] } }\n"
                    + $"      - {{ name: a, action: ExecuteBash, loop: {{ {loop} }}, inputs: {{ commands: ['true'] }} }}\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain(error);

    [Fact]
    public void Outputs_OfALoop_AreThoseOfAllItsTurns_AndItsInputsAreNobodys()
    {
        const string Loop =
            "      - { name: Turn, action: ExecuteBash, loop: { forEach: [a, b, c] }, inputs: { commands: ['echo {{ loop.value }}'] } }\n";

        var runs = _box.Run(
            Head + Loop + "      - { name: Say, action: ExecuteBash, inputs: { commands: ['echo \"{{ build.Turn.outputs.stdout }}\"'] } }\n"
        );

        runs[^1].Run.Output.Should().Be("a\nb\nc\n");
        _box.Errors(
                Head + Loop + "      - { name: Say, action: ExecuteBash, inputs: { commands: ['{{ build.Turn.inputs.commands[0] }}'] } }\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith("{{ build.Turn.inputs.commands[0] }} names no single input of Turn.");
    }

    [Theory]
    [InlineData("build.First.outputs.stderr", "is no output of ExecuteBash, which has outputs.stdout")]
    [InlineData("build.Folder.outputs.stdout", "is no output: CreateFolder has none")]
    [InlineData("build.Later.outputs.stdout", "names no step that runs before this one")]
    public void Output_ThatNobodyHas_IsRefused(string reference, string why) =>
        _box.Errors(
                Head
                    + "      - { name: First, action: ExecuteBash, inputs: { commands: [date] } }\n"
                    + "      - { name: Folder, action: CreateFolder, inputs: [{ path: /opt/app }] }\n"
                    + $"      - {{ name: Say, action: ExecuteBash, inputs: {{ commands: ['echo {{{{ {reference} }}}}'] }} }}\n"
                    + "      - { name: Later, action: ExecuteBash, inputs: { commands: [date] } }\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith($"{{{{ {reference} }}}} {why}.");

    [Fact]
    public void Output_InAWindowsComponent_IsRefused() =>
        _box.Errors(
                Head
                    + "      - { name: First, action: ExecutePowerShell, inputs: { commands: [Get-Date] } }\n"
                    + "      - { name: Say, action: ExecutePowerShell, inputs: { commands: ['echo {{ build.First.outputs.stdout }}'] } }\n",
                platform: "windows"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("an output of an earlier step, which a Windows recipe cannot pass on");

    [Fact]
    public void Values_AreTheRecipesBeforeTheDocuments_AndConstantsAreNobodysToGive()
    {
        const string Component =
            "parameters:\n  - Given: { type: string, default: usual }\n  - Usual: { type: string, default: usual }\nconstants:\n  - Fixed: { type: string, value: '${fixed}' }\n"
            + Head
            + "      - { name: a, action: ExecuteBinary, inputs: { path: /bin/echo, arguments: ['{{ Given }} {{ Usual }} {{ Fixed }}'] } }\n";

        _box.Run(Component, "with: { Given: mine }").Single().Run.Output.Should().Be("mine usual ${fixed}\n");
        _box.Errors(Component, "with: { Fixed: mine }").Should().ContainSingle().Which.Should().Contain("with.Fixed is no parameter of");
    }

    [Theory]
    [InlineData("parameters:\n  - Port: { type: string, default: '80' }\n  - Port: { type: string, default: '81' }\n")]
    [InlineData("parameters:\n  - Port: { type: string, default: '80' }\nconstants:\n  - Port: { type: string, value: '81' }\n")]
    public void Value_DeclaredTwice_IsRefused(string declared) =>
        _box.Errors(declared + Head + "      - { name: a, action: ExecuteBash, inputs: { commands: ['echo {{ Port }}'] } }\n")
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith("'Port' is declared twice; give each parameter and constant a name of its own.");

    [Fact]
    public void Phases_InAnyOrder_RunInTheirOwn() =>
        _box.Run(
                "schemaVersion: 1.0\nphases:\n  - name: validate\n    steps:\n"
                    + "      - { name: Check, action: ExecuteBash, inputs: { commands: ['echo was {{ build.Make.outputs.stdout }}'] } }\n"
                    + "  - name: build\n    steps:\n"
                    + "      - { name: Make, action: ExecuteBash, inputs: { commands: [echo made] } }\n"
            )
            .Select(run => (run.Name, run.Run.Output))
            .Should()
            .Equal(("app.make", "made\n"), ("app.check", "was made\n"));

    [Fact]
    public void Validation_OfACleanup_IsPartOfTheCleanup()
    {
        using var box = new Recipes.RecipeBox();
        box.Write(
            "web/components/app.yaml",
            Head
                + "      - { name: Clean, action: Reboot }\n  - name: validate\n    steps:\n      - { name: Check, action: ExecuteBash, inputs: { commands: ['true'] } }\n"
        );

        var reading = box.ReadWith(
            "  - name: agent\n    phase: install\n    document: AWS-ConfigureAWSPackage\n    with: { action: Install, name: AmazonCloudWatchAgent }\n",
            "  - { name: last, phase: install, run: steps/install.sh, env: { A: '${appVersion}' } }\n  - { name: tidy, phase: cleanup, component: components/app.yaml }\n"
        );

        reading.Errors.Should().BeEmpty();
        reading
            .Recipe!.Steps.Where(step => step.Name.StartsWith("tidy", StringComparison.Ordinal))
            .Select(step => (step.Name, step.Phase))
            .Should()
            .Equal(("tidy.clean", StepPhase.Cleanup), ("tidy.check", StepPhase.Cleanup));
    }

    private Step Step(string step) => _box.Recipe(Head + $"      - {step}\n", "timeout: 7m").Steps.Single();
}
