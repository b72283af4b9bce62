using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

public sealed class HostReadingTests
{
    [Fact]
    public void AptSources_InBothFormats_AreRead()
    {
        var lines = AptSource.Parse(
            "mirror.list",
            "# deb http://old x main\ndeb [arch=amd64 signed-by=/k.gpg trusted=yes] http://mirror/debian bookworm main contrib # note\ndeb-src http://m s main\n"
        );
        var stanzas = AptSource.Parse(
            "debian.sources",
            "Types: deb deb-src\n# a note\nURIs: http://one http://two\nSuites: bookworm\n bookworm-updates\nComponents: main\nSigned-By: /k.gpg\n\nTypes: deb\nEnabled: no\nURIs: x\nSuites: y\n"
        );

        lines.Should().Equal(new AptSource("http://mirror/debian", "bookworm", "main contrib") { SignedBy = "/k.gpg", IsTrusted = true });
        stanzas
            .Select(source => source.Line)
            .Should()
            .Equal(
                "deb [signed-by=/k.gpg] http://one bookworm main",
                "deb [signed-by=/k.gpg] http://one bookworm-updates main",
                "deb [signed-by=/k.gpg] http://two bookworm main",
                "deb [signed-by=/k.gpg] http://two bookworm-updates main"
            );
    }

    [Theory]
    [InlineData("debian-12", "amd64", 12)]
    [InlineData("debian-12-amd64-20250530-2128", "amd64", 12)]
    [InlineData("debian-13-arm64", "arm64", 13)]
    [InlineData("debian-12-arm64", "amd64", null)]
    [InlineData("debian-7", "amd64", null)]
    [InlineData("ubuntu-24.04", "amd64", null)]
    public void DebianRelease_IsFoundByAnyNameOfItsImages(string name, string architecture, int? version) =>
        DebianRelease.Find(name, architecture)?.Version.Should().Be(version);

    [Fact]
    public void Packages_OfDpkg_AreThoseInstalled()
    {
        var list = PackageDatabase.Parse(
            "ID=debian\nVERSION_ID=\"12\"\n@dpkg\nPackage: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.36-9)\nVersion: 2.36-9+b1\nDescription: x\n Status: no\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
        );

        list!.Ecosystem.Should().Be("Debian:12");
        list.Packages.Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(
                new
                {
                    Name = "libc6",
                    Version = "2.36-9+b1",
                    Source = "glibc",
                    SourceVersion = "2.36-9",
                    Architecture = "amd64",
                }
            );
    }

    [Fact]
    public void Packages_OfRpm_AreNamedByTheirSource()
    {
        var list = PackageDatabase.Parse(
            "ID=\"amzn\"\nVERSION_ID=\"2023\"\n@rpm\nopenssl-libs\t1:3.0.8-1.amzn2023\topenssl-3.0.8-1.amzn2023.src.rpm\tx86_64\nbash\t0:5.2-1\tbash-5.2-1.src.rpm\tx86_64\ngpg-pubkey\t0:1-2\t(none)\t(none)\n"
        );

        list!
            .Packages.Select(package => (package.Name, package.Version, package.Source))
            .Should()
            .Equal(("openssl-libs", "1:3.0.8-1.amzn2023", "openssl"), ("bash", "5.2-1", "bash"));
    }

    [Fact]
    public void Packages_WithoutADatabase_AreNone() => PackageDatabase.Parse("ID=other\n").Should().BeNull();

    [Fact]
    public async Task Support_ForABaseThatNobodyCanMake_SaysWhatToDo()
    {
        var folder = Directory.CreateTempSubdirectory("bakeworker-support-");
        try
        {
            var options = new GuestHostOptions { DataFolder = folder.FullName };
            var general = await SandboxSupport.CheckAsync(options, null, TestContext.Current.CancellationToken);
            var windows = await SandboxSupport.CheckAsync(options, "catalogue:windows-2022", TestContext.Current.CancellationToken);

            windows
                .Should()
                .Be(
                    general
                        ?? "There is no base disk for windows-2022; 'bakeworker local import windows-2022 FILE.tar' takes a root file system for it."
                );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
