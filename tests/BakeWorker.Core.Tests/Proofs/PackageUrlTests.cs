using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Core.Tests.Proofs;

public sealed class PackageUrlTests
{
    [Theory]
    [InlineData(
        "debian",
        "12.11",
        "openssl",
        "3.0.17-1~deb12u3",
        "amd64",
        "pkg:deb/debian/openssl@3.0.17-1~deb12u3?arch=amd64&distro=debian-12"
    )]
    [InlineData(
        "debian",
        "12.11",
        "libstdc++6",
        "12.2.0-14+deb12u1",
        "amd64",
        "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12"
    )]
    [InlineData("ubuntu", "24.04", "zlib1g", "1:1.3.dfsg-3", "arm64", "pkg:deb/ubuntu/zlib1g@1:1.3.dfsg-3?arch=arm64&distro=ubuntu-24.04")]
    [InlineData(
        "amzn",
        "2023",
        "openssl-libs",
        "1:3.2.2-1.amzn2023",
        "x86_64",
        "pkg:rpm/amzn/openssl-libs@3.2.2-1.amzn2023?arch=x86_64&distro=amzn-2023&epoch=1"
    )]
    [InlineData("rhel", "9.4", "bash", "5.1.8-9.el9", "noarch", "pkg:rpm/redhat/bash@5.1.8-9.el9?arch=noarch&distro=rhel-9.4")]
    [InlineData("windows", "20348.1", "7-Zip 23 (x64)", "23.01", "amd64", "pkg:generic/7-Zip%2023%20%28x64%29@23.01?arch=amd64")]
    public void Url_OfAPackage_IsThatOfItsDistribution(
        string id,
        string release,
        string name,
        string version,
        string arch,
        string expected
    ) => PackageUrl.Of(new InstalledPackage(name, version, arch), new InstalledPackage("os-release", release, id)).Should().Be(expected);
}
