using System.Security.Cryptography;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The agents' steps, and those of the recipes that fetch something: nothing is installed before it is proved whose it is.</summary>
public sealed class InstallStepsTests : IDisposable
{
    private readonly Programs programs = new();
    private readonly byte[] package = "!<arch>\nan agent\n"u8.ToArray();

    public InstallStepsTests()
    {
        programs.Link("gpgv");
        programs.Add("id", "echo 0");
        programs.Add("dpkg");
        programs.Add("dpkg-query", "case $* in *Version*) echo 1.3 ;; *) exit 1 ;; esac");
        programs.Add("apt-get");
        programs.Add("systemctl");
        programs.Add("uname", "echo x86_64");
        programs.AddDownloads();
    }

    public void Dispose() => programs.Dispose();

    [Fact]
    public void CloudWatch_SignedByTheKeyWithTheFingerprint_IsInstalled()
    {
        var (_, fingerprint) = Sign("amazon-cloudwatch-agent.deb");

        var run = Run("install-cloudwatch-agent", ("AGENT_FINGERPRINT", fingerprint));

        run.ExitCode.Should().Be(0, run.Error);
        IsInstalled.Should().BeTrue();
        programs
            .Calls.Should()
            .Contain(call =>
                call.EndsWith(
                    "https://amazoncloudwatch-agent-eu-west-1.s3.eu-west-1.amazonaws.com/ubuntu/amd64/latest/amazon-cloudwatch-agent.deb",
                    StringComparison.Ordinal
                )
            );
    }

    [Fact]
    public void CloudWatch_SignedByAnotherKeyThanAwss_IsNotInstalled()
    {
        Sign("amazon-cloudwatch-agent.deb");

        var run = Run("install-cloudwatch-agent");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("signed by another key than 937616F3450B7D806CBD9725D58167303B789C72");
        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void CloudWatch_ChangedAfterItWasSigned_IsNotInstalled()
    {
        var (_, fingerprint) = Sign("amazon-cloudwatch-agent.deb");
        File.AppendAllText(programs.At("amazon-cloudwatch-agent.deb"), "and more");

        Run("install-cloudwatch-agent", ("AGENT_FINGERPRINT", fingerprint)).ExitCode.Should().Be(1);

        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void CloudWatch_WithAnotherDigestThanTheRecipes_IsNotInstalledWhateverItsSignature()
    {
        var (_, fingerprint) = Sign("amazon-cloudwatch-agent.deb");

        var run = Run("install-cloudwatch-agent", ("AGENT_FINGERPRINT", fingerprint), ("AGENT_SHA256", new string('0', 64)));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("another digest");
        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void Ssm_WithTheRecipesDigest_IsInstalledAndStartsAtBoot()
    {
        File.WriteAllBytes(programs.At("amazon-ssm-agent.deb"), package);

        var run = Run(
            "install-ssm-agent",
            ("AGENT_SHA256", Convert.ToHexStringLower(SHA256.HashData(package))),
            ("AGENT_VERSION", "3.3.1")
        );

        run.ExitCode.Should().Be(0, run.Error);
        IsInstalled.Should().BeTrue();
        programs.Calls[^1].Should().Be("systemctl enable amazon-ssm-agent.service");
    }

    [Fact]
    public void Ssm_SignedByTheGivenKey_IsInstalled()
    {
        var (key, _) = Sign("amazon-ssm-agent.deb");

        Run("install-ssm-agent", ("AGENT_KEY", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key)))).ExitCode.Should().Be(0);

        IsInstalled.Should().BeTrue();
    }

    [Fact]
    public void Ssm_WithoutAnythingThatProvesIt_DownloadsNothing()
    {
        var run = Run("install-ssm-agent");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("neither its signing key nor its digest");
        programs.Calls.Should().NotContain(call => call.StartsWith("curl", StringComparison.Ordinal));
    }

    [Fact]
    public void Ssm_ThatIsThere_IsLeftAloneUnderTheStepThatItRuns()
    {
        programs.Add("dpkg-query", "echo 'install ok installed'");

        Run("install-ssm-agent").ExitCode.Should().Be(0);

        programs.Calls.Should().NotContain(call => call.StartsWith("curl", StringComparison.Ordinal));
        IsInstalled.Should().BeFalse();
    }

    [Theory]
    [InlineData("install-cloudwatch-agent", "AGENT_VERSION", "../../x")]
    [InlineData("install-cloudwatch-agent", "AGENT_SHA256", "abc$(reboot)")]
    [InlineData("install-ssm-agent", "AGENT_VERSION", "latest; reboot")]
    public void Agent_ValueThatCannotBeUsed_IsRefusedBeforeAnythingRuns(string step, string name, string value)
    {
        Run(step, (name, value)).ExitCode.Should().Be(2);

        programs.Calls.Should().BeEmpty();
    }

    [Fact]
    public void CiRunner_WithAnotherDigestThanTheRecipes_IsNotUnpacked()
    {
        foreach (var tool in (string[])["bash", "chown"])
        {
            programs.Link(tool);
        }

        programs.Add("git");
        programs.Add("jq");
        programs.Add("tar");
        File.WriteAllText(programs.At("actions-runner-linux-x64-2.335.1.tar.gz"), "not the runner");

        var run = programs.Run(
            Checkout.File("recipes/ci-runner/steps/install.sh"),
            "bash",
            ("RUNNER_VERSION", "2.335.1"),
            ("RUNNER_SHA256", new string('4', 64))
        );

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("has another digest than 4444");
        programs.Calls.Should().NotContain(call => call.StartsWith("tar", StringComparison.Ordinal));
    }

    private bool IsInstalled =>
        programs.Calls.Any(call =>
            call.StartsWith("apt-get", StringComparison.Ordinal) && call.EndsWith("-agent.deb", StringComparison.Ordinal)
        );

    /// <summary>Makes the package and signs it with a new key: that key, armoured, and its fingerprint.</summary>
    private (string Key, string Fingerprint) Sign(string name)
    {
        Assert.SkipUnless(ScriptRun.Has("gpg") && ScriptRun.Has("gpgv"), "Signing needs gpg.");
        File.WriteAllBytes(programs.At(name), package);
        var home = ("GNUPGHOME", programs.At("gnupg"));
        ScriptRun
            .Of(
                "/bin/sh",
                [
                    "-ec",
                    """
                    mkdir -m 700 "$GNUPGHOME"
                    gpg --batch --quiet --passphrase '' --quick-generate-key agent@test rsa2048 sign never
                    gpg --batch --quiet --detach-sign -o "$0.sig" "$0"
                    gpg --armor --export agent@test >"$(dirname "$0")/amazon-cloudwatch-agent.gpg"
                    gpgconf --kill gpg-agent
                    """,
                    programs.At(name),
                ],
                [home]
            )
            .ExitCode.Should()
            .Be(0);
        var fingerprint = ScriptRun.Of(
            "/bin/sh",
            ["-c", "gpg --with-colons --list-keys | awk -F: '$1 == \"fpr\" { print $10; exit }'"],
            [home]
        );
        return (File.ReadAllText(programs.At("amazon-cloudwatch-agent.gpg")), fingerprint.Output.Trim());
    }

    private ScriptRun Run(string step, params (string Name, string Value)[] environment) =>
        programs.Run(Checkout.File($"recipes/steps/linux/{step}.sh"), environment);
}
