using System.Text;
using BakeWorker.Output;

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
    [InlineData("bake debian-12-base --speed fast")]
    [InlineData("bake debian-12-base --speed NaN")]
    [InlineData("bake debian-12-base --cloud azure")]
    [InlineData("schema banana")]
    [InlineData("submit debian-12-base --timeout soon")]
    [InlineData("local --port many")]
    [InlineData("local --port 65536")]
    [InlineData("local --port -1")]
    [InlineData("bake debian-12-base --guest scripted --advisories nowhere")]
    [InlineData("bake debian-12-base --guest scripted --data /proc/nowhere")]
    [InlineData("local --port 0 --guest scripted --data /proc/nowhere")]
    [InlineData("status --region eu-central-1 --settings nowhere.json")]
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
    [InlineData("")]
    [InlineData("not JSON")]
    public void Advisories_ThatAreNone_StartNoBake(string text)
    {
        _line.Write("advisories.json", text);

        _line.Bake("--advisories", "advisories.json").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("advisories.json").And.NotContain("   at ");
        _line.Guests?.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Advisories_ThatAreNotThere_AreToldBeforeGuestsAreMadeReady()
    {
        _line.Bake("--advisories", "nowhere").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("there is nothing at").And.Contain("nowhere");
        _line.Guests.Should().BeNull();
    }

    [Fact]
    public void Data_InAFile_StartsNoBake_AndSaysWhatToDo()
    {
        _line.Write("data", "");

        _line.Bake("--data", "data").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().ContainAll("cannot be written", "--data");
        _line.Guests.Should().BeNull();
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
    public async Task Output_ThatCannotBeWritten_IsOneSentence()
    {
        using var full = new FullDisk();
        var shell = _line.Shell(_line.Time) with { Terminal = new Terminal(full, _line.Error) };

        (await Cli.RunAsync(["schema", "recipe"], shell, TestContext.Current.CancellationToken)).Should().Be(1);

        _line.ErrorLines.Should().ContainSingle().Which.Should().StartWith("bakeworker: ").And.Contain("No space left");
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

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
