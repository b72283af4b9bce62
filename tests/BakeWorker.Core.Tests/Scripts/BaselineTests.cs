namespace BakeWorker.Core.Tests.Scripts;

public sealed class BaselineTests
{
    [Theory]
    [InlineData("etc/chrony/chrony.conf", "etc/chrony/conf.d/60-bakeworker.conf")]
    [InlineData("etc/chrony.conf", "etc/chrony.d/60-bakeworker.conf")]
    public void Baseline_Chrony_AsksAmazonAndNobodyElse(string vendor, string ours)
    {
        using var root = new FakeRoot();
        root.Write(vendor, "pool 2.debian.pool.ntp.org iburst\ndriftfile /var/lib/chrony/drift\n");

        root.RunLibrary("linux/baseline").ExitCode.Should().Be(0);

        root.Read(ours).Should().StartWith("server 169.254.169.123 ");
        var conf = root.Read(vendor).Split('\n');
        conf.Should().NotContain(line => line.StartsWith("pool ")).And.Contain("driftfile /var/lib/chrony/drift");
        conf.Should().Contain($"confdir /{Path.GetDirectoryName(ours)}");
    }

    [Fact]
    public void Baseline_RunAgain_ChangesNothing()
    {
        using var root = new FakeRoot();
        root.Write("etc/chrony/chrony.conf", "confdir /etc/chrony/conf.d\npool 2.debian.pool.ntp.org iburst\n");
        root.RunLibrary("linux/baseline");
        var first = root.Read("etc/chrony/chrony.conf");

        root.RunLibrary("linux/baseline").ExitCode.Should().Be(0);

        root.Read("etc/chrony/chrony.conf").Should().Be(first).And.Contain("# pool ");
    }

    [Fact]
    public void Baseline_SystemThatAsksAmazonAlready_IsNotToldTwice()
    {
        using var root = new FakeRoot();
        root.Write("etc/chrony.conf", "sourcedir /etc/chrony.d\n");
        root.Write("etc/chrony.d/link-local-ipv4.sources", "server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4\n");
        root.Write("etc/chrony.d/ntp-pool.sources", "pool 2.amazon.pool.ntp.org iburst\n");

        root.RunLibrary("linux/baseline").ExitCode.Should().Be(0);

        root.Has("etc/chrony.d/60-bakeworker.conf").Should().BeFalse();
        root.Read("etc/chrony.d/ntp-pool.sources").Should().StartWith("# pool ");
    }

    [Fact]
    public void Baseline_TellsWhatTheImageIs()
    {
        using var root = new FakeRoot();
        root.Write("etc/chrony/chrony.conf", "");

        root.RunLibrary("linux/baseline", ("APP_VERSION", "1.4.2")).ExitCode.Should().Be(0);

        root.Read("etc/house-baseline").Should().Be("BASELINE=\"debian-12\"\nAPP_VERSION=\"1.4.2\"\n");
    }

    [Theory]
    [InlineData("APP_VERSION", "1.0\"; reboot")]
    [InlineData("LOCK_TIMEOUT", "long")]
    public void Baseline_ValueThatCannotBeUsed_IsRefused(string name, string value)
    {
        using var root = new FakeRoot();

        root.RunLibrary("linux/baseline", (name, value)).ExitCode.Should().Be(2);
    }
}
