using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.Tests.Commands;

/// <summary>What is different between two images, as their proofs tell it.</summary>
public sealed partial class DiffCommandTests : IDisposable
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
    public void Versions_SideBySide_AreOneThing_AndEachArchitectureIsAnother()
    {
        _line.Scenario.Guest().Packages(With("kernel 6.1.0-1", "kernel 6.1.0-2"));
        var before = Bake();
        _line.Scenario.Guest().Packages(With("kernel 6.1.0-1", "kernel 6.1.0-3"));
        var after = Bake();

        Diff(before, after, "--json").Should().Be(0, "{0}", _line.Error);

        var changed = _line.Json.GetProperty("packages").GetProperty("changed").EnumerateArray().Single();
        (Text(changed, "name"), Text(changed, "before"), Text(changed, "after"))
            .Should()
            .Be(("kernel:amd64", "6.1.0-1, 6.1.0-2", "6.1.0-1, 6.1.0-3"));
    }

    [Fact]
    public void Ports_ThatCameAndWent_AreListed_AndUncheckedOnesAreNotKnown()
    {
        Listens("check\tports\tpassed\ttcp/22 udp/68\n");
        var before = Bake();
        Listens("check\tports\tpassed\ttcp/22 tcp/8080\n");
        var after = Bake();
        Listens("check\tports\tnot-applicable\tnobody could be asked\n");
        var unasked = Bake();

        Diff(before, after, "--json").Should().Be(0, "{0}", _line.Error);
        var ports = _line.Json.GetProperty("ports");
        Names(ports, "added").Should().Equal("tcp/8080");
        Names(ports, "removed").Should().Equal("udp/68");
        Names(ports, "changed").Should().BeEmpty();

        Diff(before, unasked).Should().Be(0, "{0}", _line.Error);
        _line.Output.ToString().Should().Contain($"ports: not known, {unasked} was never asked who listens");
    }

    [Fact]
    public void Findings_ThatWent_AreListedWithTheirSeverity()
    {
        var before = Bake();
        _line.Scenario.Guest().Packages(SamplePackages.Of("Debian:12", "amd64", "bash 5.2.15-2+b9 bash"));
        var after = Bake();

        Diff(before, after, "--json").Should().Be(0, "{0}", _line.Error);

        var findings = _line.Json.GetProperty("findings");
        var tar = findings.GetProperty("removed").EnumerateArray().Single(one => Text(one, "name") == "CVE-2005-2541 tar");
        Text(tar, "value").Should().Be("low");
        Names(findings, "added").Should().BeEmpty();
        Diff(after, before).Should().Be(0, "{0}", _line.Error);
        _line.Output.ToString().Should().MatchRegex(@"\+ +CVE-2005-2541 tar +low");
    }

    [Fact]
    public void Files_OfDisksOnThisMachine_AreCompared()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sandboxes are for Linux.");
        var (before, after) = (Bake(), Bake());
        AddDisk(before, ("etc/same", "1"), ("etc/changed", "old"), ("etc/gone", ""));
        AddDisk(after, ("etc/same", "1"), ("etc/changed", "newer"), ("opt/came", "x"));

        _line.Run("diff", before, after, "--cloud", "local", "--guest", "sandbox", "--json");
        Assert.SkipWhen(_line.Error.ToString().Contains("--guest sandbox cannot be had"), _line.Error.ToString());

        var files = _line.Json.GetProperty("files");
        Names(files, "added").Should().Equal("/opt/came");
        Names(files, "removed").Should().Equal("/etc/gone");
        var changed = files.GetProperty("changed").EnumerateArray().Single();
        Text(changed, "name").Should().Be("/etc/changed");
        (Text(changed, "before") + Text(changed, "after"))
            .Should()
            .MatchRegex("^0644 0:0 3 bytes [0-9a-f]{12}0644 0:0 5 bytes [0-9a-f]{12}$");
    }

    [Fact]
    public void Copies_InAnotherRegion_HaveTheProofOfTheirImage()
    {
        _line.Environment.Remove("BAKEWORKER__RECIPES");
        _line.Run("init", "hello").Should().Be(0, "{0}", _line.Error);
        var recipe = Path.Combine(_line.Folder, "recipes/hello/recipe.yaml");
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("publish:\n", "publish:\n  regions: [us-east-1]\n"));
        var before = Copy();
        _line.Scenario.Guest().Packages(With("chrony 4.3-2"));
        var after = Copy();

        Diff(before, after, "--in", "us-east-1").Should().Be(0, "{0}", _line.Error);

        _line
            .Output.ToString()
            .Should()
            .StartWith($"- {before} in us-east-1, hello of ")
            .And.Contain("packages: 1 came, 0 went, 0 changed");

        string Copy()
        {
            _line.Run("bake", "hello", "--guest", "scripted", "--json").Should().Be(0, "{0}", _line.Error);
            return _line.Json.GetProperty("images").GetProperty("us-east-1").GetString()!;
        }
    }

    [Fact]
    public void Differences_ThatAreMany_AreShortened_UnlessAllAreAskedFor()
    {
        var before = Bake();
        _line.Scenario.Guest().Packages(With([.. Enumerable.Range(10, 40).Select(number => $"many-{number} 1.0")]));
        var after = Bake();

        Diff(before, after).Should().Be(0, "{0}", _line.Error);
        _line.Output.ToString().Should().Contain("many-39").And.NotContain("many-40").And.Contain("… and 10 more; --all shows them");

        Diff(before, after, "--all").Should().Be(0, "{0}", _line.Error);
        _line.Output.ToString().Should().Contain("many-49").And.NotContain("more; --all");
    }

    [Fact]
    public void Image_ThatIsNotThere_IsAMistake()
    {
        var before = Bake();

        Diff(before, "ami-00000000000000000").Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("shows no image ami-00000000000000000");
    }

    private static string? Text(JsonElement thing, string name) => thing.GetProperty(name).GetString();

    private static PackageList With(params string[] packages) =>
        SamplePackages.Debian12 with
        {
            Packages = [.. SamplePackages.Debian12.Packages, .. SamplePackages.Of("Debian:12", "amd64", packages).Packages],
        };

    private void Listens(string check) => _line.Scenario.Command("*/checks/1").Prints($"boot\tone\n{check}");

    /// <summary>Turns a scripted image into one of a sandbox: the same image, with a file that holds its disk.</summary>
    private void AddDisk(string image, params (string Path, string Text)[] files)
    {
        var data = Path.Combine(_line.Folder, ".local/share/bakeworker");
        var kept = Directory.GetFiles(Path.Combine(data, "scripted"), $"{image}.json", SearchOption.AllDirectories).Single();
        var moved = Path.Combine(data, Path.GetRelativePath(Path.Combine(data, "scripted"), kept));
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Copy(kept, moved);
        var disk = SnapshotId().Match(File.ReadAllText(kept)).Value;
        using var packed = new GZipStream(
            File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(data, "disks")).FullName, $"{disk}.tar.gz")),
            CompressionLevel.Fastest
        );
        using var tar = new TarWriter(packed);
        foreach (var (path, text) in files)
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, $"./{path}") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }
            );
        }
    }

    [GeneratedRegex("snap-[0-9a-f]{17}")]
    private static partial Regex SnapshotId();

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
