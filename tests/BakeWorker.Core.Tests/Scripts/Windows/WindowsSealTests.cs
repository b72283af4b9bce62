using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>The seal, and the task that it starts, which is run here where Windows would have started it.</summary>
public sealed class WindowsSealTests : IDisposable
{
    private const string Sysprep = "EC2Launch sysprep --shutdown=true --clean=true";
    private readonly WindowsMachine machine = new();

    public WindowsSealTests()
    {
        machine.Write("Program Files/Amazon/EC2Launch/EC2Launch.exe", "");
        machine.Write("Windows/Temp/other.log", "x");
        machine.Write("ProgramData/Amazon/SSM/InstanceData/i-0aaa/state", "x");
        machine.Write("ProgramData/Amazon/SSM/Logs/agent.log", "x");
        machine.Write("ProgramData/bakeworker/bake-1/out", "x");
    }

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Seal_IsATaskOfTheBuiltInAdministrator_WhateverHisName_UnderAPasswordNobodyKnows()
    {
        var run = Seal();

        run.ExitCode.Should().Be(0, run.Error);
        machine
            .Ask("$global:Tasks['BakeWorkerSeal']")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("\\Verwalter ")
            .And.Contain("-Delay 5");
        machine.Calls.Should().Equal("start task BakeWorkerSeal");
        var password = machine.Ask("$global:Administrator.Password")[0];
        password.Should().HaveLength(52);
        string.Join('\n', run.Output).Should().NotContain(password);

        Seal();
        machine.Ask("$global:Administrator.Password").Should().NotEqual([password]);
    }

    [Fact]
    public void Task_WipesTheAgentAndItself_AndEndsBySysprep()
    {
        Seal();
        RunTask();

        machine.Calls.Should().Contain("stop AmazonSSMAgent").And.Contain("clear Security");
        machine.Calls[^1].Should().Be(Sysprep);
        foreach (
            var gone in new[]
            {
                "ProgramData/Amazon/SSM/InstanceData",
                "ProgramData/Amazon/SSM/Logs",
                "ProgramData/bakeworker",
                "Windows/Temp/other.log",
            }
        )
        {
            Path.Exists(machine.Path(gone)).Should().BeFalse(gone);
        }

        machine.Ask("$global:Tasks.Count").Should().Equal("0");
        File.Exists(machine.Path("Windows/Temp/bakeworker-seal.ps1")).Should().BeFalse();
    }

    [Theory]
    [InlineData("$global:Held = @('InstanceData')", "InstanceData is used by another process")]
    [InlineData("$global:SysprepCode = 1", "EC2Launch sysprep ended with exit code 1")]
    public void Task_ThatCannotDoItAll_SaysWhyAndBringsTheAgentBack(string broken, string why)
    {
        Seal();
        machine.Ask(broken);
        RunTask();

        machine.Calls[^1].Should().Be("start AmazonSSMAgent");
        if (!broken.Contains("Sysprep", StringComparison.Ordinal))
        {
            machine.Calls.Should().NotContain(Sysprep);
        }

        File.ReadAllText(machine.Path("ProgramData/bakeworker-seal-failed.txt")).Should().Contain(why);
    }

    [Theory]
    [InlineData("$global:Administrator.Enabled = $false", "the built-in Administrator is disabled")]
    [InlineData("$global:Registry[$global:Restart] = @{}", "a restart is pending")]
    [InlineData(
        "$global:Registry['HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State'] = @{ ImageState = 'IMAGE_STATE_UNDEPLOYABLE' }",
        "Windows Setup is in state IMAGE_STATE_UNDEPLOYABLE"
    )]
    public void Machine_ThatCannotBeSealedAsItIs_IsLeftAlone(string state, string why)
    {
        machine.Ask(state);

        var run = Seal();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(why);
        machine.Calls.Should().BeEmpty();
    }

    private WindowsRun Seal() => machine.Run(BuiltInScripts.Seal(Platform.Windows, TimeSpan.FromSeconds(5)));

    private void RunTask() => machine.Ask($"& '{machine.Path("Windows/Temp/bakeworker-seal.ps1")}' -Delay 5");
}
