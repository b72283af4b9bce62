using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.LocalCloud.Inspector.Advisories;

namespace BakeWorker.LocalCloud.Tests.Inspector;

public sealed class AdvisoryTests
{
    [Fact]
    public void BundledAdvisories_CurrentDebian_HasOnlyFewUnfixedOnes()
    {
        var found = new AdvisoryBook(OsvReader.ReadBundled()).Find(SamplePackages.Debian12);

        found.Select(match => match.Advisory.Id).Should().Equal("CVE-2005-2541", "CVE-2011-3374", "CVE-2016-2781");
        found.Should().OnlyContain(match => match.Packages.All(vulnerable => vulnerable.FixedIn == null));
        found[0].Advisory.Severity.Should().Be("LOW");
    }

    [Fact]
    public void BundledAdvisories_OldPackage_IsFoundThroughItsSource()
    {
        var old = SamplePackages.Of(
            "Debian:12",
            "amd64",
            "libc6 2.36-9+deb12u2 glibc",
            "libc-bin 2.36-9+deb12u2 glibc",
            "curl 7.88.1-10+deb12u3"
        );

        var found = new AdvisoryBook(OsvReader.ReadBundled()).Find(old);

        var loader = found.Single(match => match.Advisory.Id == "CVE-2023-4911");
        loader.Advisory.Severity.Should().Be("HIGH");
        loader.Advisory.Score.Should().Be(7.8);
        loader
            .Packages.Select(vulnerable => (vulnerable.Package.Name, vulnerable.FixedIn))
            .Should()
            .Equal(("libc6", "2.36-9+deb12u3"), ("libc-bin", "2.36-9+deb12u3"));
        found.Single(match => match.Advisory.Id == "CVE-2023-38545").Advisory.Severity.Should().Be("CRITICAL");
    }

    [Theory]
    [InlineData("0.9", false)]
    [InlineData("1.0", true)]
    [InlineData("1.5", false)]
    [InlineData("2.0", true)]
    [InlineData("2.4", true)]
    [InlineData("2.5", false)]
    [InlineData("9.9", true)]
    public void Ranges_WithSeveralEvents_ContainWhatTheySay(string version, bool isAffected)
    {
        const string Text = """
            {"id":"X-1","affected":[{"package":{"ecosystem":"Debian:12","name":"x"},"ranges":[
              {"type":"GIT","events":[{"introduced":"0"}]},
              {"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":"1.5"},{"introduced":"2.0"},{"last_affected":"2.4"}]}],
              "versions":["9.9"]}]}
            """;

        Find(Text, "Debian:12", version).Should().HaveCount(isAffected ? 1 : 0);
    }

    [Theory]
    [InlineData("Ubuntu:24.04:LTS", "Ubuntu:24.04", true)]
    [InlineData("Ubuntu:Pro:24.04:LTS", "Ubuntu:24.04", false)]
    [InlineData("Debian:11", "Debian:12", false)]
    [InlineData("AlmaLinux:9", "AlmaLinux:9.6", true)]
    [InlineData("Rocky Linux:8", "Rocky Linux:9.6", false)]
    public void Ecosystem_OfAdvisory_MatchesTheSameReleaseOnly(string advisory, string installed, bool isMatch)
    {
        var text =
            "{\"id\":\"X-1\",\"affected\":[{\"package\":{\"ecosystem\":\""
            + advisory
            + "\",\"name\":\"x\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"}]}]}]}";

        Find(text, installed, "1.0").Should().HaveCount(isMatch ? 1 : 0);
    }

    [Theory]
    [InlineData("\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H\"}]", "CRITICAL")]
    [InlineData("\"severity\":[{\"type\":\"Ubuntu\",\"score\":\"negligible\"}]", "INFORMATIONAL")]
    [InlineData("\"database_specific\":{\"severity\":\"MODERATE\"}", "MEDIUM")]
    [InlineData("\"severity\":[{\"type\":\"CVSS_V4\",\"score\":\"CVSS:4.0/AV:N\"}]", "UNTRIAGED")]
    [InlineData("\"summary\":\"nobody rated it\"", "UNTRIAGED")]
    public void Severity_OfAnEntry_IsTheVendorsWordOrTheScoresMeaning(string member, string expected)
    {
        var text = "{\"id\":\"X-1\"," + member + ",\"affected\":[]}";

        OsvReader.ReadText(text, "x.json").Single().Severity.Should().Be(expected);
    }

    [Theory]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)]
    [InlineData("CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N", 4.7)]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", 3.3)]
    [InlineData("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0)]
    [InlineData("CVSS:3.1/AV:N/AC:L", null)]
    public void CvssScore_OfAVector_IsTheOneOfItsSpecification(string vector, double? expected) =>
        CvssV3.BaseScore(vector).Should().Be(expected);

    [Fact]
    public void File_ThatIsNotOsv_IsRefusedWithItsName()
    {
        var read = () => OsvReader.ReadText("<html>", "advisories.json").ToList();

        read.Should().Throw<InvalidDataException>().WithMessage("advisories.json is not an advisory file*");
    }

    [Fact]
    public void Nothing_IsNoAdvisory()
    {
        var folder = Directory.CreateTempSubdirectory("advisories-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "README.md"), "no advisories yet");

            ((Action)(() => OsvReader.ReadPath(folder))).Should().Throw<InvalidDataException>().WithMessage("*holds no .json*");
            ((Action)(() => OsvReader.ReadText("\n", "x.json"))).Should().Throw<InvalidDataException>().WithMessage("x.json is empty.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Folder_OfFiles_IsReadWhole()
    {
        var folder = Directory.CreateTempSubdirectory("advisories").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.json"), """{"id":"DSA-1","upstream":["CVE-2020-1","CVE-2020-2"],"affected":[]}""");
            File.WriteAllText(
                Path.Combine(folder, "b.jsonl"),
                "{\"id\":\"X-2\"}\n{\"id\":\"X-3\",\"withdrawn\":\"2024-01-01T00:00:00Z\"}\n"
            );

            OsvReader.ReadPath(folder).Select(advisory => advisory.Id).Should().Equal("CVE-2020-1", "CVE-2020-2", "X-2");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<AdvisoryMatch> Find(string text, string ecosystem, string version) =>
        new AdvisoryBook(OsvReader.ReadText(text, "test")).Find(new PackageList(ecosystem, [new Package("x", version, "x", "amd64")]));
}
