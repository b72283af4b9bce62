using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Vm;

namespace BakeWorker.LocalCloud.Tests.Guests.Vm;

/// <summary>What machines may reach, without any machine.</summary>
public sealed class MirrorMapTests
{
    [Theory]
    [InlineData("deb.debian.org", true)]
    [InlineData("downloads.example.com", true)]
    [InlineData("example.com", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    public void Hosts_AreMirrorsAndThoseNamed(string host, bool isAllowed) =>
        new MirrorMap(new HostApt("", []), ["*.example.com"]).Allows(host).Should().Be(isAllowed);

    [Fact]
    public async Task Host_WhoseNameLeadsToThisMachine_IsNotReached()
    {
        var map = new MirrorMap(new HostApt("", []), ["*"]);

        await FluentActions
            .Awaiting(() => map.ConnectAsync("localhost", 1, CancellationToken.None))
            .Should()
            .ThrowAsync<HttpRequestException>()
            .WithMessage("*this machine*");
    }

    [Fact]
    public void Proxies_AreThoseOfThisMachinesApt()
    {
        var map = new MirrorMap(
            new HostApt("Acquire::http::Proxy \"http://proxy:8080\";\nAcquire::http::Proxy::other \"DIRECT\";", []),
            []
        );

        map.GetProxy(new Uri("http://deb.debian.org/")).Should().Be(new Uri("http://proxy:8080"));
        map.GetProxy(new Uri("https://deb.debian.org/")).Should().Be(new Uri("http://proxy:8080"));
        new MirrorMap(new HostApt("", []), []).IsBypassed(new Uri("http://deb.debian.org/")).Should().BeTrue();
    }

    [Fact]
    public void Archives_OfDebian_AreThisMachinesMirrors()
    {
        Assert.SkipWhen(OsRelease.ReadHost() is not { Id: "debian" }, "only a Debian has mirrors of Debian");
        var own = OsRelease.ReadHost()!.Codename;
        var map = new MirrorMap(
            new HostApt("", [new("https://mirror.example/deb/", own, "main") { SignedBy = DebianRelease.Keyring }]),
            []
        );

        map.Map(new Uri("http://deb.debian.org/debian/pool/a.deb")).Should().Be(new Uri("https://mirror.example/deb/pool/a.deb"));
        map.Map(new Uri("http://deb.debian.org/debian-security/b.deb")).Should().Be(new Uri("http://deb.debian.org/debian-security/b.deb"));
        map.Allows("mirror.example").Should().BeTrue();
    }
}
