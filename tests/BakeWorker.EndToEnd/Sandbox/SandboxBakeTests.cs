using System.Text.RegularExpressions;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>The README's command, for real: every step runs, and what it leaves behind is opened and looked through.</summary>
[Collection(SandboxTests.Name)]
public sealed partial class SandboxBakeTests(SandboxMachine machine)
{
    private static readonly string[] Hardening =
    [
        "/etc/ssh/sshd_config.d/00-bakeworker.conf",
        "/etc/sysctl.d/60-bakeworker.conf",
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
