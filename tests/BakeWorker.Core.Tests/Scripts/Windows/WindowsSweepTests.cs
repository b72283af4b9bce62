using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>The sweeps of builder and instance on a drive as Windows has it.</summary>
public sealed class WindowsSweepTests : IDisposable
{
    private const string Mark = "ProgramData/Amazon/EC2Launch/state/.run-once";
    private static readonly string Token = "ghp_" + new string('a', 36);
    private static readonly DateTime Launched = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private readonly WindowsMachine machine = new();

    public WindowsSweepTests()
    {
        machine.Ask("$global:Registry['HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon'] = @{ Shell = 'explorer.exe' }");
        Place(Mark, "1", Launched.AddMinutes(4));
    }

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Machine_WithNothingToFind_IsClean()
    {
        Place("app/settings.json", "{}", Launched.AddHours(-1));
        Place("ProgramData/ssh/ssh_host_ed25519_key", "key", Launched.AddMinutes(5));
        Place("ProgramData/bakeworker/bake-1/out", "", Launched.AddMinutes(6));
        Place("Windows/Panther/unattend.xml", "<AdministratorPassword>\n  *SENSITIVE*DATA*DELETED*\n</AdministratorPassword>", Launched);

        Builder().Output.Should().ContainSingle().Which.Should().StartWith("sweep\t0 findings");
        var run = Tester();
        run.Output.Should().ContainSingle(run.Error).Which.Should().StartWith("sweep\t0 findings");
        run.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("ec2launch", Mark)]
    [InlineData("ssh-host-key", "ProgramData/ssh/ssh_host_rsa_key")]
    [InlineData("bakeworker-state", "ProgramData/bakeworker/bake-1/out")]
    public void Instance_WithWhatTheBuilderMadeAnHourBefore_DidNotMakeItItself(string rule, string path)
    {
        Place(path, "x", Launched.AddHours(-1));

        var run = Tester();

        run.Output.Skip(1).Should().ContainSingle(run.Error).Which.Should().StartWith($"{rule}\t");
        run.ExitCode.Should().Be(20);
    }

    [Theory]
    [InlineData("app/windows/settings.json")]
    [InlineData("Users/Administrator/AppData/Local/Microsoft/Windows/cache.txt")]
    [InlineData("Windows/System32/config/systemprofile/out.txt")]
    [InlineData("Windows/Temp/install.log")]
    [InlineData("Program Files/app/app.config")]
    [InlineData("ProgramData/app/app.config")]
    [InlineData("top.txt")]
    public void Token_WhereverAStepMayHaveLeftIt_IsFoundOnBuilderAndInstance(string path)
    {
        Place(path, $"token={Token}", Launched.AddHours(-1));

        foreach (var run in new[] { Builder(("SINCE", "0")), Tester() })
        {
            run.Output.Skip(1)
                .Should()
                .ContainSingle(run.Error)
                .Which.Should()
                .StartWith("github-token\t")
                .And.Contain(path)
                .And.NotContain(Token);
        }
    }

    [Theory]
    [InlineData("Windows/System32/drivers/a.sys")]
    [InlineData("ProgramData/Microsoft/a.txt")]
    [InlineData("Program Files/WindowsApps/a.txt")]
    public void Token_InWhatIsWindowsOwn_IsNotLookedFor(string path)
    {
        Place(path, Token, Launched.AddHours(-1));

        Builder(("SINCE", "0")).ExitCode.Should().Be(0);
    }

    [Fact]
    public void Instance_LooksBackAsFarAsItsBake_AsTheBuilderWroteItDown()
    {
        var began = new DateTimeOffset(Launched.AddHours(-2)).ToUnixTimeSeconds();
        machine.Write("ProgramData/bakeworker-release.txt", "BAKE_ID=\"bake-1\"\nBAKE_BEGAN=\"1\"\n");
        Builder(("SINCE", $"{began}"));
        File.ReadAllLines(machine.Path("ProgramData/bakeworker-release.txt"))
            .Should()
            .Equal("BAKE_ID=\"bake-1\"", $"BAKE_BEGAN=\"{began}\"");

        Place("of-the-base.txt", Token, Launched.AddHours(-3));
        Tester().ExitCode.Should().Be(0);
        Place("of-the-bake.txt", Token, Launched.AddHours(-1));
        Tester().ExitCode.Should().Be(20);
    }

    [Theory]
    [InlineData(
        "unattend-password",
        "Windows/Panther/unattend.xml",
        "<AdministratorPassword>\r\n  <Value>hunter2</Value>\r\n</AdministratorPassword>"
    )]
    [InlineData("nuget-config", "Users/me/AppData/Roaming/NuGet/NuGet.Config", "<add\n  key=\"ClearTextPassword\" value=\"x\" />")]
    [InlineData("aws-credentials", "Users/me/.aws/config", "[default]\nregion=eu-west-1\ncredential_process=/bin/x\n")]
    [InlineData("npmrc", "Users/me/.npmrc", "registry=x\n//x/:_authToken=abc\n")]
    public void Secret_InAFileOfManyLines_IsFound(string rule, string path, string text)
    {
        Place(path, text, Launched.AddDays(-40));

        Builder().Output.Skip(1).Should().ContainSingle().Which.Should().StartWith($"{rule}\t");
    }

    [Fact]
    public void Setting_WithoutAValue_IsNoSecret()
    {
        Place("Users/me/.npmrc", "_password=\nregistry=x\n", Launched);

        Builder().ExitCode.Should().Be(0);
    }

    [Fact]
    public void Sweep_ThatBreaks_IsNoPass()
    {
        machine.Ask("function Get-CimInstance { throw 'WMI is broken' }");

        var run = Builder();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("WMI is broken");
    }

    private void Place(string path, string text, DateTime at)
    {
        machine.Write(path, text);
        File.SetCreationTimeUtc(machine.Path(path), at);
        File.SetLastWriteTimeUtc(machine.Path(path), at);
    }

    private WindowsRun Builder(params (string Name, string Value)[] environment) =>
        machine.Run(BuiltInScripts.HygieneOnBuilder(Platform.Windows, new HygieneSpec(), default), environment);

    private WindowsRun Tester() =>
        machine.Run(BuiltInScripts.HygieneOnTester(Platform.Windows, new HygieneSpec(), default, new DateTimeOffset(Launched)));
}
