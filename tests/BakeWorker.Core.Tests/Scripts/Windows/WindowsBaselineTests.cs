namespace BakeWorker.Core.Tests.Scripts.Windows;

public sealed class WindowsBaselineTests : IDisposable
{
    private readonly WindowsMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Baseline_OfAMachineAsItShouldBe_Passes()
    {
        var run = Check();

        run.ExitCode.Should().Be(0, string.Join('\n', run.Output.Append(run.Error)));
        run.Output.Should().ContainSingle().Which.Should().Contain("\"build\":\"20348.4171\",\"faults\":0");
    }

    [Theory]
    [InlineData("$global:Registry['HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'].CurrentBuild = '17763'", "system")]
    [InlineData("$global:Services['AmazonSSMAgent'] = 'Disabled'", "agent")]
    [InlineData("$global:Registry[$global:Restart] = @{}", "restart")]
    [InlineData("$global:Licensed = 5", "activation")]
    [InlineData("$global:Peers = 'Peer: time.windows.com'", "time")]
    [InlineData("$global:Volume.FreeSpace = 1GB", "disk")]
    [InlineData("$global:Volume.Disk = 200GB", "disk")]
    [InlineData("$global:Metadata = 200", "metadata")]
    [InlineData("$global:Metadata = 503", "metadata")]
    public void Baseline_WithOneFault_FailsForThatOne(string change, string what)
    {
        machine.Ask(change);

        var run = Check();

        run.ExitCode.Should().Be(1);
        run.Output.SkipLast(1).Should().ContainSingle().Which.Should().StartWith($"FAILED {what}: ");
    }

    private WindowsRun Check() => machine.Run("check-baseline", ("EXPECT_BUILD", "20348"));
}
