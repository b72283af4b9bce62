using System.Net.Sockets;
using System.Text.Json;

namespace BakeWorker.Core.Tests.Scripts;

public sealed class CleanupTests
{
    [Theory]
    [InlineData("etc/ssh/ssh_host_ed25519_key")]
    [InlineData("etc/ssh/ssh_host_ed25519_key.pub")]
    [InlineData("root/.ssh/authorized_keys")]
    [InlineData("home/admin/.ssh/authorized_keys2")]
    [InlineData("home/admin/.bash_history")]
    [InlineData("home/left-over/.python_history")]
    [InlineData("root/.cache/pip/x")]
    [InlineData("var/lib/apt/lists/deb.test_InRelease")]
    [InlineData("var/cache/apt/archives/x.deb")]
    [InlineData("var/cache/apt/pkgcache.bin")]
    [InlineData("var/cache/dnf/x.solv")]
    [InlineData("var/lib/cloud/instances/i-1/user-data.txt")]
    [InlineData("var/log/cloud-init-output.log")]
    [InlineData("var/log/syslog.1")]
    [InlineData("var/log/dpkg.log.2.gz")]
    [InlineData("var/lib/dhcp/dhclient.eth0.leases")]
    [InlineData("var/lib/systemd/random-seed")]
    [InlineData("etc/ssl/private/ssl-cert-snakeoil.key")]
    [InlineData("var/crash/core.1")]
    [InlineData("tmp/left.txt")]
    [InlineData("tmp/.hidden/left.txt")]
    [InlineData("var/tmp/left.txt")]
    public void Cleanup_TraceOfTheBuilder_IsGone(string path)
    {
        using var root = new FakeRoot();
        root.Write(path, "trace");

        root.RunLibrary("linux/cleanup").ExitCode.Should().Be(0);

        root.Has(path).Should().BeFalse();
    }

    [Theory]
    [InlineData("etc/machine-id")]
    [InlineData("var/log/syslog")]
    [InlineData("var/log/apt/history.log")]
    [InlineData("var/log/wtmp")]
    public void Cleanup_FileThatSomebodyMayHaveOpen_IsEmptiedInPlace(string path)
    {
        using var root = new FakeRoot();
        root.Write(path, "0123456789abcdef0123456789abcdef");

        root.RunLibrary("linux/cleanup").ExitCode.Should().Be(0);

        root.Read(path).Should().BeEmpty();
    }

    [Theory]
    [InlineData("var/lib/amazon/ssm/i-1/document/state/current/x")]
    [InlineData("var/log/amazon/ssm/amazon-ssm-agent.log")]
    [InlineData("var/lib/bakeworker/bake-1/step/cleanup/1/lock")]
    [InlineData("var/lib/dpkg/status")]
    [InlineData("home/admin/.ssh/config")]
    [InlineData("etc/app.conf")]
    public void Cleanup_WhatTheRunningCommandOrTheImageNeeds_Stays(string path)
    {
        using var root = new FakeRoot();
        root.Write(path, "needed");

        root.RunLibrary("linux/cleanup").ExitCode.Should().Be(0);

        root.Read(path).Should().Be("needed");
    }

    [Fact]
    public void Cleanup_ItsOwnDirectoryInTmp_Stays()
    {
        using var root = new FakeRoot();
        var script = root.Path("tmp/ssm/run/_script.sh");
        root.Write("tmp/ssm/run/_script.sh", File.ReadAllText(BakeWorker.Testing.Checkout.File("recipes/steps/linux/cleanup.sh")));
        root.Write("tmp/other", "x");

        root.Run(script).ExitCode.Should().Be(0);

        File.Exists(script).Should().BeTrue();
        root.Has("tmp/other").Should().BeFalse();
    }

    [Fact]
    public void Cleanup_LinkOutOfTheRoot_IsNotFollowed()
    {
        using var root = new FakeRoot();
        using var other = new FakeRoot();
        other.Write("ssh/authorized_keys", "mine");
        File.CreateSymbolicLink(root.Path("home/admin/.ssh"), other.Path("ssh"));

        root.RunLibrary("linux/cleanup");

        other.Read("ssh/authorized_keys").Should().Be("mine");
    }

    [Theory]
    [InlineData("rm", 0)]
    [InlineData(":", 1)]
    public void Cleanup_IdentityOfSnapd_IsForgottenBySnapdItselfOrFails(string snapd, int exit)
    {
        using var root = new FakeRoot();
        using var programs = new Programs();
        var key = root.Path("var/lib/snapd/device/private-keys-v1/aB3");
        root.Write("var/lib/snapd/device/private-keys-v1/aB3", "key");
        Directory.CreateDirectory(root.Path("run"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(root.Path("run/snapd.socket")));
        programs.Add("curl", $"{snapd} '{key}'");

        var run = root.RunLibrary("linux/cleanup", ("PATH", $"{programs.At("bin")}:/usr/bin:/bin"));

        run.ExitCode.Should().Be(exit, run.Error);
        programs
            .Calls.Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"--unix-socket {root.Path("run/snapd.socket")}")
            .And.Contain("\"action\":\"forget\"")
            .And.EndWith("/v2/model/serial");
        run.Error.Contains("snapd did not forget", StringComparison.Ordinal).Should().Be(exit != 0);
    }

    [Fact]
    public void Cleanup_RunAgain_FindsNothingMoreToDo()
    {
        using var root = new FakeRoot();
        root.Write("var/log/syslog", "x");
        root.Write("tmp/x", "x");
        root.RunLibrary("linux/cleanup", ("BAKE_ID", "bake-1"));

        var again = root.RunLibrary("linux/cleanup", ("BAKE_ID", "bake-1"));

        var report = JsonDocument.Parse(again.Output).RootElement;
        report.GetProperty("removed").GetInt32().Should().Be(0);
        report.GetProperty("emptied").GetInt32().Should().Be(0);
        report.GetProperty("failures").GetInt32().Should().Be(0);
    }

    [Fact]
    public void Cleanup_WithTheFactsOfTheBake_WritesTheReleaseFile()
    {
        using var root = new FakeRoot();

        root.RunLibrary(
            "linux/cleanup",
            ("BAKE_ID", "bake-1"),
            ("RECIPE", "debian-12-base"),
            ("RECIPE_DIGEST", "sha256:ab"),
            ("SOURCE_IMAGE", "ami-1")
        );

        root.Read("etc/bakeworker-release")
            .Should()
            .Be("BAKE_ID=\"bake-1\"\nRECIPE=\"debian-12-base\"\nRECIPE_DIGEST=\"sha256:ab\"\nSOURCE_IMAGE=\"ami-1\"\n");
    }

    [Fact]
    public void Cleanup_FactThatWouldBreakOutOfItsQuotes_IsRefused()
    {
        using var root = new FakeRoot();

        var run = root.RunLibrary("linux/cleanup", ("BAKE_ID", "x\"; touch /tmp/y; \""));

        run.ExitCode.Should().Be(2);
        root.Has("etc/bakeworker-release").Should().BeFalse();
    }

    [Fact]
    public void Cleanup_OfAPlantedRoot_LeavesTheBuiltInSweepNoTraces()
    {
        using var root = new FakeRoot();
        root.Write("etc/machine-id", "0123456789abcdef0123456789abcdef");
        root.Write("etc/ssh/ssh_host_rsa_key", "key");
        root.Write("root/.bash_history", "x");
        root.Write("home/admin/.ssh/authorized_keys", "x");
        root.Write("var/lib/cloud/instances/i-1/x", "x");
        root.Write("var/lib/apt/lists/x_InRelease", "x");
        root.RunBuiltIn("hygiene-builder", ("SINCE", "0")).ExitCode.Should().Be(20);

        root.RunLibrary("linux/cleanup");

        root.RunBuiltIn("hygiene-builder", ("SINCE", "0")).ExitCode.Should().Be(0);
    }
}
