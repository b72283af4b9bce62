namespace BakeWorker.Tests.Commands;

public sealed class UsageTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("bakke")]
    [InlineData("bake")]
    [InlineData("bake debian-12-base --colour")]
    [InlineData("bake debian-12-base --guest vmware")]
    [InlineData("bake debian-12-base --speed 0")]
    [InlineData("bake debian-12-base --cloud azure")]
    [InlineData("schema banana")]
    [InlineData("submit debian-12-base --timeout soon")]
    [InlineData("local --port many")]
    [InlineData("")]
    public void Mistake_IsToldOnStandardError_AndExitsWith2(string line)
    {
        var exit = _line.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        exit.Should().Be(2);
        _line.Output.ToString().Should().BeEmpty();
        _line.ErrorLines.Should().HaveCountLessThan(4).And.Contain(text => text.StartsWith("bakeworker: ", StringComparison.Ordinal));
        _line.Error.ToString().Should().NotContain("   at ");
    }

    [Theory]
    [InlineData("bakke debian-12-base", "'bake'")]
    [InlineData("bake debian-12-base --jsn", "'--json'")]
    public void Slip_OfTheFingers_IsAnsweredWithWhatWasMeant(string line, string meant)
    {
        _line.Run(line.Split(' ')).Should().Be(2);
        _line.Error.ToString().Should().Contain($"Did you mean {meant}?");
    }

    [Fact]
    public void Help_OfEachCommand_IsThere()
    {
        foreach (var command in new[] { "run", "bake", "local", "submit", "validate", "status", "schema" })
        {
            _line.Run(command, "--help").Should().Be(0);
            _line.Output.ToString().Should().Contain($" {command} ");
        }
    }

    [Fact]
    public void Version_IsPrinted()
    {
        _line.Run("--version").Should().Be(0);
        _line.Output.ToString().Should().MatchRegex(@"^\d+\.\d+\.\d+");
    }
}
