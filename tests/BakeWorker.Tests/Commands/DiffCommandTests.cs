using System.Text.Json;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.Tests.Commands;

/// <summary>What is different between two images, as their proofs tell it.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Images_OfTwoBakes_DifferInWhatTheirProofsSay()
    {
        var before = Bake();
        var after = Bake();

        Diff(before, after).Should().Be(0, "{0}", _line.Error);

        _line
            .Output.ToString()
            .Should()
            .StartWith($"- {before} in eu-central-1, debian-12-base of bake-")
            .And.Contain($"+ {after} in eu-central-1, debian-12-base of bake-")
            .And.Contain("packages: the same")
            .And.Contain($"files: not known, {before} lies where its files cannot be listed")
            .And.Contain("findings: the same");
    }

    [Fact]
    public void Packages_ThatCameWentAndChanged_AreListed_AndTheDocumentHasThemAll()
    {
        var before = Bake();
        _line.Scenario.Guest().Packages(SamplePackages.Of("Debian:12", "amd64", "bash 5.2.15-2+b10 bash", "chrony 4.3-2", "dpkg 1.21.22"));
        var after = Bake();

        Diff(before, after, "--json").Should().Be(0, "{0}", _line.Error);

        _line.Json.GetProperty("before").GetProperty("image").GetString().Should().Be(before);
        var packages = _line.Json.GetProperty("packages");
        Names(packages, "added").Should().Equal("chrony:amd64");
        Names(packages, "removed").Should().Contain("openssl:amd64").And.NotContain("dpkg:amd64");
        packages.GetProperty("changed")[0].ToString().Should().ContainAll("bash:amd64", "5.2.15-2+b9", "5.2.15-2+b10");
        _line.Json.GetProperty("files").GetProperty("unknown").GetString().Should().Contain(before);
    }

    [Fact]
    public void Image_ThatIsNotThere_IsAMistake()
    {
        var before = Bake();

        Diff(before, "ami-00000000000000000").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("shows no image ami-00000000000000000");
    }

    private static IEnumerable<string?> Names(JsonElement part, string side) =>
        part.GetProperty(side).EnumerateArray().Select(one => one.GetProperty("name").GetString());

    private string Bake()
    {
        _line.Bake("--json").Should().Be(0, _line.Error.ToString());
        return _line.Json.GetProperty("images").EnumerateObject().Single().Value.GetString()!;
    }

    private int Diff(string before, string after, params string[] more) =>
        _line.Run(["diff", before, after, "--cloud", "local", "--guest", "scripted", .. more]);
}
