using System.Globalization;
using System.Text.RegularExpressions;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

public sealed partial class OrphanTimerTests : IDisposable
{
    private readonly Programs programs = new();
    private readonly FakeRoot root = new();

    public OrphanTimerTests()
    {
        programs.Link("chmod");
        programs.Link("date");
        programs.Add("systemctl", "[ \"$1\" != is-active ]");
        programs.Add("systemd-run");
        programs.Add("setsid");
        root.Write("run/systemd/system/x", "");
    }

    public void Dispose()
    {
        programs.Dispose();
        root.Dispose();
    }

    [Fact]
    public void Timer_UnderSystemd_IsArmedForTheEndAndAgainAtEachBoot()
    {
        Arm(FromNow(7200)).ExitCode.Should().Be(0);

        Seconds().Should().BeInRange(7000, 7200);
        var atBoot = root.Path("var/lib/cloud/scripts/per-boot/bakeworker-orphan");
        ScriptRun.Of(atBoot, [], [("PATH", programs.At("bin")), ("ROOT", root.Folder)]).ExitCode.Should().Be(0);
        programs.Calls.Count(call => call.StartsWith("systemd-run")).Should().Be(2);
    }

    [Fact]
    public void Timer_OfAnOrphanThatSomebodyStarted_LeavesAQuarterOfAnHour()
    {
        Arm(FromNow(-100_000));

        Seconds().Should().Be(900);
    }

    [Fact]
    public void Timer_ThatRunsAlready_IsNotArmedTwice()
    {
        programs.Add("systemctl");

        Arm(FromNow(7200));

        programs.Calls.Should().NotContain(call => call.StartsWith("systemd-run"));
    }

    [Fact]
    public void Timer_WithoutSystemd_IsAProcessOfItsOwn()
    {
        Directory.Delete(root.Path("run/systemd"), recursive: true);

        Arm(FromNow(7200));

        ScriptRun
            .Of("timeout", ["20", "sh", "-c", "until grep -q setsid \"$0\"; do sleep 0.02; done", programs.At("calls")], [])
            .ExitCode.Should()
            .Be(0);
        programs.Calls.Should().Contain(call => call.Contains("poweroff"));
    }

    [Fact]
    public void Timer_ThatCannotBeArmed_IsNotInTheWayOfTheRest()
    {
        root.Write("var/lib/cloud", "not a folder");

        var run = Arm(FromNow(7200), "echo 'the rest ran'");

        run.ExitCode.Should().Be(0);
        run.Output.Should().Contain("the rest ran");
    }

    [Fact]
    public void UserData_OfEveryPlatform_HoldsTheEndAndTheAgentWhereItIsWanted()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        foreach (var platform in Enum.GetValues<Platform>())
        {
            var without = BuiltInScripts.UserData(platform, end, null);
            var with = BuiltInScripts.UserData(platform, end, new AgentPackage());

            without.Should().StartWith(platform == Platform.Windows ? "<powershell>\n" : "#!/bin/sh\n").And.Contain("1900000000");
            without.Should().NotContain("@").And.NotContain("amazon-ssm-agent").And.NotContain("AmazonSSMAgent");
            with.Should().Contain("1900000000").And.MatchRegex("(?i)amazon-?ssm-?agent");
            Tags().Count(with).Should().Be(platform == Platform.Windows ? 2 : 0);
        }
    }

    private static long FromNow(int seconds) =>
        long.Parse(ScriptRun.Of("date", ["+%s"], []).Output, CultureInfo.InvariantCulture) + seconds;

    private ScriptRun Arm(long end, string rest = "")
    {
        var text = BuiltInScripts.UserData(Platform.Linux, DateTimeOffset.FromUnixTimeSeconds(end), null);
        File.WriteAllText(programs.At("user-data"), text + rest + "\n");
        return programs.Run(programs.At("user-data"), ("ROOT", root.Folder));
    }

    private int Seconds() =>
        int.Parse(
            Delay().Match(programs.Calls.Single(call => call.StartsWith("systemd-run"))).Groups["seconds"].Value,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex("--unit=bakeworker-orphan --on-active=(?<seconds>[0-9]+)s systemctl poweroff")]
    private static partial Regex Delay();

    [GeneratedRegex("</?powershell>")]
    private static partial Regex Tags();
}
