using System.Text.Json;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>What the patch step asks of package managers that are not there.</summary>
public sealed class PatchTests : IDisposable
{
    private readonly FakeRoot root = new();
    private readonly Programs programs = new();

    [Fact]
    public void Patch_AmazonLinux_MovesToTheNewestReleaseByName()
    {
        AmazonLinux();

        var run = Patch();

        run.ExitCode.Should().Be(0, run.Error);
        programs.Calls.Should().Contain("dnf -y upgrade --refresh --releasever=2023.9.20251117");
        Report(run).GetProperty("release").GetString().Should().Be("2023.9.20251117");
    }

    [Fact]
    public void Patch_AmazonLinuxThatIsAtTheNewestRelease_NamesItsOwn()
    {
        AmazonLinux(newest: "");

        Patch().ExitCode.Should().Be(0);

        programs.Calls.Should().Contain("dnf -y upgrade --refresh --releasever=2023.8.20250707");
    }

    [Fact]
    public void Patch_AmazonLinuxWithARelease_AsksNobody()
    {
        AmazonLinux();

        Patch(("PATCH_RELEASE", "2023.7.20250331")).ExitCode.Should().Be(0);

        programs.Calls.Should().Contain("dnf -y upgrade --refresh --releasever=2023.7.20250331");
        programs.Calls.Should().NotContain(call => call.Contains("check-release-update"));
    }

    [Fact]
    public void Patch_AmazonLinuxThatStaysLockedToItsRelease_IsAFailureAndNotAPatchedMachine()
    {
        AmazonLinux(upgrade: ":");

        var run = Patch();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("locked to release 2023.8.20250707 after an upgrade to 2023.9.20251117");
    }

    [Fact]
    public void Patch_AmazonLinuxToTheLatest_SaysWhichThatIs()
    {
        AmazonLinux();
        File.WriteAllText(programs.At("locked"), "2023.9.20251117");

        var run = Patch(("PATCH_RELEASE", "latest"));

        programs.Calls.Should().Contain("dnf -y upgrade --refresh --releasever=latest");
        Report(run).GetProperty("release").GetString().Should().Be("2023.9.20251117");
    }

    [Fact]
    public void Patch_AmazonLinuxBySecurityAlone_MovesTheReleaseToo()
    {
        AmazonLinux();

        var run = Patch(("PATCH_SECURITY", "1"));

        run.ExitCode.Should().Be(0, run.Error);
        programs.Calls.Should().Contain("dnf -y upgrade --refresh --security --releasever=2023.9.20251117");
        Report(run).GetProperty("release").GetString().Should().Be("2023.9.20251117");
    }

    [Fact]
    public void Patch_AmazonLinuxThatCannotBeAskedForItsReleases_IsAFailureAndNotTheNewestOne()
    {
        AmazonLinux();
        programs.Add("dnf", "case $* in *check-release-update*) exit 1 ;; esac");

        var run = Patch();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("name one in PATCH_RELEASE");
        programs.Calls.Should().NotContain(call => call.Contains("upgrade --refresh"));
    }

    [Theory]
    [InlineData("PATCH_RELEASE", "2023; reboot")]
    [InlineData("PATCH_RELEASE", "../x")]
    [InlineData("LOCK_TIMEOUT", "long")]
    public void Patch_ValueThatCannotBeUsed_IsRefusedBeforeAnythingRuns(string name, string value)
    {
        AmazonLinux();

        Patch((name, value)).ExitCode.Should().Be(2);

        programs.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Patch_SystemThatNeedsARestart_LeavesTheSign(int answer, bool needed)
    {
        AmazonLinux();
        programs.Add("needs-restarting", $"exit {answer}");

        var run = Patch();

        Report(run).GetProperty("rebootNeeded").GetBoolean().Should().Be(needed);
        root.Has("run/reboot-required").Should().Be(needed);
    }

    [Fact]
    public void Patch_DnfThatFails_Fails()
    {
        AmazonLinux();
        programs.Add("dnf", "exit 1");

        Patch().ExitCode.Should().Be(1);
    }

    [Fact]
    public void Patch_Debian_UpdatesOnceThenUpgrades()
    {
        Debian();

        var run = Patch();

        run.ExitCode.Should().Be(0, run.Error);
        programs
            .Calls.Where(call => call.StartsWith("apt-get ", StringComparison.Ordinal))
            .Select(call => call.Split(' ')[^1])
            .Should()
            .Equal("update", "dist-upgrade");
        root.Has("run/reboot-required").Should().BeFalse();
    }

    [Fact]
    public void Patch_ListsThatCannotBeRead_IsAFailureAndNotAnUpgradeFromOldLists()
    {
        Debian(apt: "case $* in *update) exit 100 ;; esac");

        Patch().ExitCode.Should().Be(1);

        programs.Calls.Should().NotContain(call => call.EndsWith("dist-upgrade", StringComparison.Ordinal));
    }

    [Fact]
    public void Patch_AfterAnInterruptedInstallation_FinishesItFirst()
    {
        Debian();
        // Half installed until somebody configures.
        programs.Add(
            "dpkg",
            $"case $* in --audit) [ -e '{programs.At("mended")}' ] || echo half ;; *--configure*) : >'{programs.At("mended")}' ;; esac"
        );

        Patch().ExitCode.Should().Be(0);

        var calls = programs.Calls.ToList();
        calls
            .FindIndex(call => call.Contains("--configure"))
            .Should()
            .BePositive()
            .And.BeLessThan(calls.FindIndex(call => call.EndsWith("update", StringComparison.Ordinal)));
    }

    [Fact]
    public void Patch_InterruptedInstallationThatAnotherProcessHolds_WaitsForIt()
    {
        Debian();
        root.Write("var/lib/dpkg/lock-frontend", "");
        using var other = new FileStream(root.Path("var/lib/dpkg/lock-frontend"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (!OperatingSystem.IsMacOS())
        {
            other.Lock(0, 1);
        }

        programs.Link("stat");
        // The other one is done while we wait.
        programs.Add("sleep", $": >'{programs.At("mended")}'");
        programs.Add(
            "dpkg",
            $"if [ -e '{programs.At("mended")}' ]; then exit 0; fi; case $* in --audit) echo half ;; *--configure*) exit 2 ;; esac"
        );

        var run = Patch();

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("another process holds /var/lib/dpkg/lock-frontend");
        programs.Calls.Count(call => call.StartsWith("sleep", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public void Patch_InterruptedInstallationThatCannotBeFinished_IsAFailureAtOnce()
    {
        Debian(apt: "case $* in *--fix-broken*) exit 100 ;; esac");
        root.Write("var/lib/dpkg/lock-frontend", "");
        programs.Link("stat");
        programs.Add("sleep");
        programs.Add("dpkg", "case $* in --audit) echo half ;; *--configure*) exit 2 ;; esac");

        var run = Patch();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("cannot be finished; see dpkg --audit");
        programs.Calls.Should().NotContain(call => call.StartsWith("sleep", StringComparison.Ordinal));
    }

    [Fact]
    public void Patch_DebianWithANewerKernelThanTheRunningOne_AsksForARestart()
    {
        Debian();
        root.Write("boot/vmlinuz-6.1.0-9-cloud-amd64", "");
        root.Write("boot/vmlinuz-6.1.0-41-cloud-amd64", "");

        Patch().ExitCode.Should().Be(0);

        root.Has("run/reboot-required").Should().BeTrue();
    }

    [Fact]
    public void Patch_WithoutAKnownPackageManager_SaysSo()
    {
        Patch().ExitCode.Should().Be(64);
    }

    public void Dispose()
    {
        root.Dispose();
        programs.Dispose();
    }

    private void AmazonLinux(string newest = "2023.9.20251117", string upgrade = "printf %s \"${*##*--releasever=}\" >'@'")
    {
        root.Write("etc/os-release", "NAME=\"Amazon Linux\"\nID=\"amzn\"\nVERSION_ID=\"2023\"\n");
        var locked = programs.At("locked");
        File.WriteAllText(locked, "2023.8.20250707");
        // As dnf does: the release that an upgrade names is the one that the machine is locked to then.
        programs.Add(
            "dnf",
            $"case $* in *--help) ;; *check-release-update*) echo '{newest}' ;; *--security*) ;; *--releasever=2*) {upgrade.Replace("@", locked)} ;; esac"
        );
        programs.Add("rpm", $"case $* in *system-release) cat '{locked}' ;; *) echo a-1.x86_64 ;; esac");
        programs.Add("needs-restarting");
        programs.Add("uname", "echo 6.1.0");
    }

    private void Debian(string apt = "")
    {
        programs.Add("apt-get", apt);
        programs.Add("dpkg");
        programs.Add("dpkg-query", "echo a 1");
        programs.Add("uname", "echo 6.1.0-9-cloud-amd64");
    }

    private ScriptRun Patch(params (string Name, string Value)[] environment) =>
        programs.Run(Checkout.File("recipes/steps/linux/patch.sh"), [("ROOT", root.Folder), .. environment]);

    private static JsonElement Report(ScriptRun run) => JsonDocument.Parse(run.Output).RootElement;
}
