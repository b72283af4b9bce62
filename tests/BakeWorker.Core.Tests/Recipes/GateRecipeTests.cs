using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>Tests with a score, as recipes write them.</summary>
public sealed class GateRecipeTests : IDisposable
{
    private const string Test = "- { name: app, run: tests/app.sh, timeout: 90s }";
    private readonly RecipeBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void Gate_BecomesATestWithABuiltInScript()
    {
        var reading = _box.ReadWith(Test, $"{Test}\n  - {{ name: lynis, gate: lynis, least: 65 }}");

        reading.Errors.Should().BeEmpty();
        var test = reading.Recipe!.Tests[1];
        (test.Gate, test.Least, test.ScriptPath).Should().Be((Gate.Lynis, 65, "gate lynis"));
        test.Script.Should().Contain("lynis audit system");
    }

    [Theory]
    [InlineData("gate: lynis", "tests[1].least is missing; write the least score that an image may have, as in least: 70.")]
    [InlineData(
        "gate: openscap, least: 80, env: { PROFILE: x }",
        "tests[1].env.CONTENT is missing, which the gate 'openscap' needs; add it."
    )]
    [InlineData("gate: goss, least: 100", "tests[1].env.GOSS_FILE is missing, which the gate 'goss' needs; add it.")]
    [InlineData("gate: lynis, least: 0", "tests[1].least is '0', which is outside 1 to 100; write a whole number from 1 to 100.")]
    [InlineData("gate: nessus, least: 70", "tests[1].gate is 'nessus', which is not known here; write one of lynis, openscap, goss.")]
    [InlineData("gate: lynis, least: 70, run: tests/app.sh", "a test names run and gate; give exactly one of uses, run, gate.")]
    public void Gate_ThatLacksSomething_IsAnError(string gate, string error) =>
        _box.ReadWith(Test, $"{Test}\n  - {{ name: gate, {gate} }}").Errors.Select(problem => problem.Message).Should().Contain(error);
}
