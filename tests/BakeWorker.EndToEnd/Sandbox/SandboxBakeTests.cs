using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>The README's command, for real: every step runs, and what it leaves behind is opened and looked through.</summary>
[Collection(SandboxTests.Name)]
public sealed partial class SandboxBakeTests(SandboxMachine machine)
{
    private static readonly string[] Hardening =
    [
        "/etc/ssh/sshd_config.d/00-bakeworker.conf",
        "/etc/sysctl.d/99-zz-bakeworker.conf",
        "/etc/modprobe.d/60-bakeworker.conf",
        "/etc/security/limits.d/60-bakeworker.conf",
        "/etc/systemd/coredump.conf.d/60-bakeworker.conf",
        "/etc/systemd/journald.conf.d/60-bakeworker.conf",
        "/etc/apt/apt.conf.d/60-bakeworker.conf",
        "/etc/sudoers.d/60-bakeworker",
        "/etc/profile.d/60-bakeworker.sh",
    ];

    [Fact]
    public async Task Bake_DebianBase_IsPublished_AndItsImageIsHardenedAndClean()
    {
        machine.Require();

        await using var bake = machine.Start("bake", "debian-12-base", "--guest", "sandbox", "--param", "appVersion=1.2.3");

        (await bake.ExitAsync()).Should().Be(0, "{0}\n{1}", bake.Error, bake.Output);
        bake.Output.Should()
            .ContainAll("pin-base", "apply-steps", "seal", "boot-test", "scan-image", "publish")
            .And.MatchRegex("image +ami-[0-9a-f]{17} in eu-west-1")
            .And.MatchRegex("findings +[0-9]+ \\(critical")
            .And.MatchRegex(@"changes +[0-9]+ packages?\s+\+ chrony")
            .And.MatchRegex("checks +7 passed; 1 not applicable here \\(failed-units\\)")
            .And.MatchRegex("guest +sandbox");
        var file = LiesAt().Match(bake.Output).Groups["file"].Value;
        file.Should().StartWith(machine.Data);
        var image = new ImageFile(file);
        await ShouldBeClean(image);
        await ShouldBeHardened(image);
        await ShouldBeProven(image, ImageId().Match(bake.Output).Value);
    }

    /// <summary>The bill of materials has what dpkg says of the image's own file system, no package more and none less.</summary>
    private async Task ShouldBeProven(ImageFile image, string id)
    {
        var admin = Directory.CreateDirectory(Path.Combine(machine.Folder, "dpkg"));
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(admin.FullName, "status"), await image.ReadAsync("/var/lib/dpkg/status"), ct);
        await using var dpkg = BakeWorkerProcess.StartProgram(
            "dpkg-query",
            [$"--admindir={admin.FullName}", "-W", "-f", "${db:Status-Status} ${Package} ${Version} ${Architecture}\\n"],
            machine.Folder,
            new Dictionary<string, string>()
        );
        (await dpkg.ExitAsync()).Should().Be(0, dpkg.Error);
        var installed = dpkg
            .Output.Split('\n')
            .Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
            .Select(line => line[10..]);
        var sbom = Directory.GetFiles(Path.Combine(machine.Data, "proofs", "debian-12-base", id), "sbom-*").Single();
        var listed = JsonNode.Parse(await File.ReadAllTextAsync(sbom, ct))!["components"]!
            .AsArray()
            .Where(one => (string)one!["type"]! == "library")
            .Select(one => $"{one!["name"]} {one["version"]} {one["properties"]![0]!["value"]}")
            .ToList();

        listed.Should().HaveCountGreaterThan(100).And.BeEquivalentTo(installed);
        await using var verify = machine.Start("verify", id, "--cloud", "local");
        (await verify.ExitAsync()).Should().Be(0, verify.Error);
        verify.Output.Should().Contain($"{id} in {SandboxMachine.Region} is what its proof says.").And.Contain($"{listed.Count} packages");
    }

    private static async Task ShouldBeClean(ImageFile image)
    {
        var entries = await image.ListAsync();
        entries.Should().HaveCountGreaterThan(5000);
        entries.Select(entry => entry.Name).Where(name => Forbidden().IsMatch(name)).Should().BeEmpty();
        entries.Should().ContainSingle(entry => entry.Name == "/etc/machine-id").Which.Size.Should().Be(0);
        entries
            .Where(entry => entry.Name.StartsWith("/var/log/") && entry.Mode[0] == '-')
            .Should()
            .OnlyContain(entry => entry.Size == 0, "what happened to the builder is not the image's");
    }

    private static async Task ShouldBeHardened(ImageFile image)
    {
        (await image.ListAsync()).Select(entry => entry.Name).Should().Contain(Hardening).And.Contain("/etc/bakeworker-release");
        (await image.ReadAsync(Hardening[0])).Should().ContainAll("PermitRootLogin no", "PasswordAuthentication no");
        (await image.ReadAsync(Hardening[1])).Should().Contain("kernel.");
        (await image.ReadAsync("/etc/bakeworker-release")).Should().MatchRegex("BAKE_ID=\"bake-[0-9a-f]{16}\"");
    }

    [GeneratedRegex("ami-[0-9a-f]{17}(?= in eu-west-1)")]
    private static partial Regex ImageId();

    [GeneratedRegex(@"lies at +(?<file>\S+)")]
    private static partial Regex LiesAt();

    // Identity, what people and agents leave, what apt can fetch again, what our own steps and timers write.
    [GeneratedRegex(
        @"^/etc/ssh/ssh_host_|/\.ssh/authorized_keys|/\.[a-z]*_history$|^/var/lib/(systemd/(random-seed|credential\.secret)$|cloud/.|dhcp/.*lease)"
            + @"|^/var/lib/amazon/ssm/.|^/var/log/(amazon|journal)/.+/."
            + @"|^/var/lib/apt/lists/[^/]*_|^/var/cache/apt/archives/.*\.deb$"
            + @"|^/(var/lib|run)/bakeworker|bakeworker-(seal|deadline|orphan|timer)|^(/tmp|/var/tmp|/run)/."
    )]
    private static partial Regex Forbidden();
}
