using BakeWorker.Core.Bakes;
using BakeWorker.Core.Tests.Scripts;

namespace BakeWorker.Core.Tests.Bakes;

public sealed class MaskedTests
{
    public static TheoryData<string> Planted() =>
        [
            .. PlantedSecrets
                .All.Where(planted =>
                    planted.Path.StartsWith("/srv/t/") || (planted.Path.StartsWith("/opt/") && planted.Path.EndsWith(".conf"))
                )
                .Select(planted => planted.Path),
        ];

    [Theory]
    [MemberData(nameof(Planted))]
    public void Text_WithAPlantedSecret_ShowsNothingOfIt(string path)
    {
        var secret = PlantedSecrets.All.Single(planted => planted.Path == path).Text;

        var masked = Masked.Text($"+ cat {path}\n{secret}done\n");

        foreach (var part in PlantedSecrets.Secrets)
        {
            masked.Should().NotContain(part);
        }

        masked.Should().StartWith($"+ cat {path}\n").And.EndWith("done\n");
    }

    [Fact]
    public void Text_EndOfAKeyWhoseBeginningWasCutOff_IsMasked()
    {
        var line = new string('Q', 64);

        Masked.Text($"{line}\n{line}\n-----END RSA {"PRIVATE"} KEY-----\nnext\n").Should().Be("[private key]\nnext\n");
    }

    [Theory]
    [InlineData("E: Unable to locate package ntp")]
    [InlineData("[    0.000000] Linux version 6.1.0-28-cloud-amd64 (debian-kernel@lists.debian.org)")]
    [InlineData("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)")]
    [InlineData("/etc/app.conf:12: syntax error near 'server'")]
    [InlineData("ssh.service - OpenBSD Secure Shell server: Main PID: 512 (sshd)")]
    public void Text_WithoutASecret_StaysAsItIs(string text) => Masked.Text(text).Should().Be(text);
}
