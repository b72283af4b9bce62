namespace BakeWorker.Core.Tests.Scripts;

/// <summary>What an instance of the image in use says of its pending updates, and when it says nothing.</summary>
public sealed class UpdatesTests : IDisposable
{
    private readonly FakeRoot root = new();
    private readonly Programs programs = new();

    // Of this machine, because the script runs on it.
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public UpdatesTests()
    {
        programs.Link("stat");
        root.Write("proc/stat", $"cpu 1 2\nbtime {Now.ToUnixTimeSeconds() - 60}\n");
        root.Date("var/lib/dpkg/status", Now.UtcDateTime.AddDays(-3));
    }

    [Fact]
    public void Updates_OfADebian_AreWhatAnUpgradeWouldInstall()
    {
        Debian(
            """
            echo 'NOTE: This is only a simulation!'
            echo 'Inst libssl3 [3.0.14-1] (3.0.15-1 Debian-Security:12/stable-security [amd64]) []'
            echo 'Inst linux-image-6.1.0-42-amd64 (6.1.150-1 Debian:12/stable [amd64])'
            echo 'Conf libssl3 (3.0.15-1 Debian-Security:12/stable-security [amd64])'
            """
        );

        var run = Ask();

        run.ExitCode.Should().Be(0, run.Error);
        run.Lines.Should().Equal("updates: 2", "libssl3 3.0.14-1 -> 3.0.15-1", "linux-image-6.1.0-42-amd64 6.1.150-1");
        programs.Calls[0].Should().Contain("--error-on=any update", "old lists know no updates");
        programs.Calls.Should().OnlyContain(call => !call.Contains("apt-get") || call.Contains("update") || call.Contains("-s "));
    }

    [Fact]
    public void Updates_OfADebianThatIsUpToDate_AreNone()
    {
        Debian("echo '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.'");

        Ask().Lines.Should().Equal("updates: 0");
    }

    [Fact]
    public void Updates_InAFormThatNobodyKnows_AreAFailure()
    {
        Debian("echo 'Inst (something else)'");

        Ask().ExitCode.Should().Be(1);
    }

    [Fact]
    public void Updates_WithoutFreshLists_AreAFailure()
    {
        programs.Add("apt-get", "exit 100");
        programs.Add("dpkg");

        Ask().ExitCode.Should().Be(1);
    }

    [Fact]
    public void Updates_OfAnInstanceThatUpdatesItself_AreAFailure()
    {
        Debian("");
        root.Date("var/lib/dpkg/status", Now.UtcDateTime);

        var run = Ask();

        run.ExitCode.Should().Be(3);
        run.Error.Should().Contain("it updates itself");
        run.Output.Should().BeEmpty();
    }

    [Fact]
    public void Updates_OfAnInstanceThatDoesNotKnowWhenItBooted_AreAFailure()
    {
        Debian("");
        root.Write("proc/stat", "cpu 1 2\n");

        Ask().ExitCode.Should().Be(3);
    }

    [Fact]
    public void Updates_OfAmazonLinux_CountThoseOfTheNewestRelease()
    {
        root.Write("etc/os-release", "ID=\"amzn\"\n");
        programs.Add("rpm");
        programs.Add(
            "dnf",
            """
            case $* in
              *check-release-update*) echo 2023.9.20251117 ;;
              *) printf '\nopenssl.x86_64  1:3.0.8-2  amazonlinux\nObsoleting Packages\nold.x86_64  1  amazonlinux\n'; exit 100 ;;
            esac
            """
        );

        var run = Ask();

        run.Lines.Should().Equal("updates: 1", "openssl.x86_64 1:3.0.8-2");
        programs.Calls.Should().Contain("dnf -q check-update --refresh --releasever=2023.9.20251117");
    }

    [Fact]
    public void Updates_OfARecipeThatHoldsOnToARelease_AreThoseOfThatRelease()
    {
        root.Write("etc/os-release", "ID=\"amzn\"\n");
        programs.Add("rpm");
        programs.Add("dnf");

        Ask(("PATCH_RELEASE", "2023.7.20250331")).Lines.Should().Equal("updates: 0");

        programs.Calls.Should().Equal("dnf -q check-update --refresh --releasever=2023.7.20250331");
    }

    [Fact]
    public void Updates_DnfThatFails_AreAFailure()
    {
        programs.Add("rpm");
        programs.Add("dnf", "exit 1");

        Ask().ExitCode.Should().Be(1);
    }

    [Fact]
    public void Updates_WithoutAKnownPackageManager_AreAFailure() => Ask().ExitCode.Should().Be(64);

    public void Dispose()
    {
        root.Dispose();
        programs.Dispose();
    }

    private void Debian(string simulated)
    {
        programs.Add("apt-get", $"case $* in *update*) exit 0 ;; esac\n{simulated}");
        programs.Add("dpkg");
    }

    private ScriptRun Ask(params (string Name, string Value)[] environment) =>
        programs.Run(FakeRoot.BuiltIn("updates"), [("ROOT", root.Folder), .. environment]);
}
