namespace BakeWorker.Core.Tests.Scripts.Windows;

public sealed class WindowsCleanupTests : IDisposable
{
    private readonly WindowsMachine machine = new();

    public WindowsCleanupTests()
    {
        Directory.CreateDirectory(machine.Path("Users/Administrator"));
        Directory.CreateDirectory(machine.Path("System32/config/systemprofile"));
    }

    public void Dispose() => machine.Dispose();

    [Theory]
    [InlineData("SoftwareDistribution/Download/0123/update.cab")]
    [InlineData("Temp/setup.log")]
    [InlineData("Users/Administrator/AppData/Local/Temp/x")]
    [InlineData("Users/Administrator/.aws/credentials")]
    [InlineData("Users/Administrator/.ssh/id_ed25519")]
    [InlineData("Users/Administrator/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt")]
    [InlineData("System32/config/systemprofile/.docker/config.json")]
    [InlineData("Panther/UnattendGC/unattend.xml")]
    [InlineData("MEMORY.DMP")]
    public void Cleanup_WhatNobodyNeedsTwice_Goes(string path)
    {
        machine.Write(path, "x");

        var run = machine.Run("cleanup");

        run.ExitCode.Should().Be(0, run.Error);
        File.Exists(machine.Path(path)).Should().BeFalse();
    }

    [Theory]
    [InlineData("Users/Administrator/Documents/readme.txt")]
    [InlineData("Amazon/SSM/InstanceData/i-0123456789abcdef0/state")]
    [InlineData("SoftwareDistribution/DataStore/DataStore.edb")]
    public void Cleanup_WhatTheMachineOrItsAgentNeeds_Stays(string path)
    {
        machine.Write(path, "x");

        machine.Run("cleanup").ExitCode.Should().Be(0);

        File.Exists(machine.Path(path)).Should().BeTrue();
    }

    [Fact]
    public void Cleanup_CacheThatSomebodyHolds_DoesNotKeepTheRest()
    {
        machine.Write("Temp/held.tmp", "x");
        machine.Write("Temp/other.tmp", "x");
        machine.Ask("$global:Held = @('held.tmp')");

        var run = machine.Run("cleanup");

        run.ExitCode.Should().Be(0);
        run.Output[^1].Should().Contain("\"held\":1");
        File.Exists(machine.Path("Temp/other.tmp")).Should().BeFalse();
    }

    [Fact]
    public void Cleanup_SecretThatSomebodyHolds_IsAFailure()
    {
        machine.Write("Users/Administrator/.aws/credentials", "x");
        machine.Ask("$global:Held = @('.aws')");

        machine.Run("cleanup").ExitCode.Should().Be(1);
    }

    [Fact]
    public void Cleanup_WritesWhatTheBootTestReads()
    {
        machine.Run("cleanup", ("BAKE_ID", "bake-0123456789abcdef"), ("RECIPE", "windows-server-2022-base"));

        var verified = machine.Run("verify-clean", ("BAKE_ID", "bake-0123456789abcdef"));
        var other = machine.Run("verify-clean", ("BAKE_ID", "bake-fedcba9876543210"));

        verified.ExitCode.Should().Be(0, string.Join('\n', verified.Output));
        other.ExitCode.Should().Be(1);
        other.Output[0].Should().StartWith("FAILED release: ");
    }

    [Theory]
    [InlineData(
        "$global:Registry['HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State'].ImageState = 'IMAGE_STATE_UNDEPLOYABLE'",
        "image-state"
    )]
    [InlineData("[void] [IO.Directory]::CreateDirectory(\"$global:Env_SystemDrive/Users/Administrator/.ssh\")", "history")]
    [InlineData("[IO.File]::WriteAllText(\"$global:Env_ProgramData/bakeworker-seal-failed.txt\", 'why')", "seal")]
    public void VerifyClean_TraceOfTheBuilder_IsSeen(string change, string rule)
    {
        machine.Run("verify-clean").ExitCode.Should().Be(0);
        machine.Ask(change);

        var run = machine.Run("verify-clean");

        run.ExitCode.Should().Be(1);
        run.Output[0].Should().StartWith($"FAILED {rule}: ");
        machine.Run("verify-clean", ("BOOT", "2")).ExitCode.Should().Be(0, "what the first boot made is older then");
    }
}
