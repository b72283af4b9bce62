using System.Text.Json;

namespace BakeWorker.Core.Tests.Scripts;

public sealed class HardenTests
{
    [Theory]
    [InlineData("etc/ssh/sshd_config.d/00-bakeworker.conf", "PermitRootLogin no")]
    [InlineData("etc/sysctl.d/99-zz-bakeworker.conf", "-kernel.kptr_restrict = 2")]
    [InlineData("etc/modprobe.d/60-bakeworker.conf", "install dccp /bin/false")]
    [InlineData("etc/security/limits.d/60-bakeworker.conf", "* hard core 0")]
    [InlineData("etc/systemd/coredump.conf.d/60-bakeworker.conf", "Storage=none")]
    [InlineData("etc/systemd/journald.conf.d/60-bakeworker.conf", "Storage=persistent")]
    [InlineData("etc/apt/apt.conf.d/60-bakeworker.conf", "APT::Periodic::Enable \"0\";")]
    [InlineData("etc/login.defs", "UMASK\t027")]
    [InlineData("etc/profile.d/60-bakeworker.sh", "umask 027")]
    public void Harden_EveryControl_IsALineOfADropIn(string path, string line)
    {
        using var root = Server();

        root.RunLibrary("linux/harden").ExitCode.Should().Be(0);

        root.Read(path).Split('\n').Should().Contain(line);
    }

    [Theory]
    [InlineData("vfat")]
    [InlineData("squashfs")]
    [InlineData("overlay")]
    public void Harden_ModuleThatInstancesNeed_IsNotBlocked(string module)
    {
        using var root = Server();

        root.RunLibrary("linux/harden");

        root.Read("etc/modprobe.d/60-bakeworker.conf").Should().NotContain(module);
    }

    [Theory]
    [InlineData("ip_forward")]
    [InlineData("rp_filter")]
    [InlineData("accept_ra")]
    [InlineData("max_user_namespaces")]
    public void Harden_KernelValueThatBreaksClouds_IsLeftAlone(string key)
    {
        using var root = Server();

        root.RunLibrary("linux/harden");

        root.Read("etc/sysctl.d/99-zz-bakeworker.conf").Should().NotContain(key);
    }

    [Fact]
    public void Harden_RunAgain_ChangesNothing()
    {
        using var root = Server();
        Report(root.RunLibrary("linux/harden")).GetProperty("changed").GetArrayLength().Should().BePositive();

        Report(root.RunLibrary("linux/harden")).GetProperty("changed").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public void Harden_SkippedControl_IsLeftOutAlsoWhenItWasThereBefore()
    {
        using var root = Server();
        root.RunLibrary("linux/harden");

        var report = Report(root.RunLibrary("linux/harden", ("HARDEN_SKIP", "ssh-11 mod-07")));

        report.GetProperty("skipped").EnumerateArray().Select(id => id.GetString()).Should().BeEquivalentTo("ssh-11", "mod-07");
        root.Read("etc/ssh/sshd_config.d/00-bakeworker.conf").Should().NotContain("AllowTcpForwarding");
        root.Read("etc/modprobe.d/60-bakeworker.conf").Should().NotContain("dccp");
    }

    [Fact]
    public void Harden_SkipOfAControlThatDoesNotExist_IsSaid()
    {
        using var root = Server();

        root.RunLibrary("linux/harden", ("HARDEN_SKIP", "ssh-99")).Error.Should().Contain("ssh-99");
    }

    [Theory]
    [InlineData("HARDEN_SKIP", "$(reboot)")]
    [InlineData("UPDATES", "sometimes")]
    public void Harden_ValueThatCannotBeUsed_IsRefused(string name, string value)
    {
        using var root = Server();

        root.RunLibrary("linux/harden", (name, value)).ExitCode.Should().Be(2);
    }

    [Fact]
    public void Harden_SshdThatIgnoresDropIns_IsAFailureAndNotASilentNothing()
    {
        using var root = Server();
        root.Write("etc/ssh/sshd_config", "UsePAM yes\n");

        var run = root.RunLibrary("linux/harden");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("sshd_config.d");
    }

    [Fact]
    public void Harden_UpdatesBySecurity_LeavesTheTimers()
    {
        using var root = Server();

        root.RunLibrary("linux/harden", ("UPDATES", "security"));

        root.Has("etc/apt/apt.conf.d/60-bakeworker.conf").Should().BeFalse();
        new FileInfo(root.Path("etc/systemd/system/apt-daily.timer")).LinkTarget.Should().BeNull();
    }

    [Fact]
    public void Harden_UpdatesDisabled_MasksTheTimers()
    {
        using var root = Server();

        root.RunLibrary("linux/harden");

        new FileInfo(root.Path("etc/systemd/system/apt-daily.timer")).LinkTarget.Should().Be("/dev/null");
    }

    [Fact]
    public void Harden_LoginDefs_KeepsEveryOtherLine()
    {
        using var root = Server();

        root.RunLibrary("linux/harden");

        root.Read("etc/login.defs").Should().Be("# comment\nUMASK\t027\nPASS_MAX_DAYS\t99999\nENCRYPT_METHOD YESCRYPT\nHOME_MODE\t0750\n");
    }

    [Theory]
    [InlineData("-a never,task")]
    [InlineData("-a task,never")]
    public void Harden_AuditRuleThatSwitchesAuditingOff_IsTakenOutAlone(string rule)
    {
        using var root = Server();
        root.Write("etc/audit/rules.d/audit.rules", $"-D\n{rule}\n-a always,exit -S reboot\n");

        var changed = Report(root.RunLibrary("linux/harden")).GetProperty("changed").EnumerateArray().Select(path => path.GetString());

        root.Read("etc/audit/rules.d/audit.rules").Should().Be("-D\n-a always,exit -S reboot\n");
        changed.Should().Contain("/etc/audit/rules.d/audit.rules");
    }

    private static FakeRoot Server()
    {
        var root = new FakeRoot();
        root.Write("etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n");
        root.Write("etc/login.defs", "# comment\nUMASK 022\nPASS_MAX_DAYS\t99999\nENCRYPT_METHOD YESCRYPT\n");
        root.Write("etc/apt/apt.conf.d/01vendor", "");
        root.Write("usr/lib/systemd/system/apt-daily.timer", "[Timer]\n");
        return root;
    }

    private static JsonElement Report(ScriptRun run) => JsonDocument.Parse(run.Output).RootElement;
}
