using System.Security.Cryptography;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The user data runs for real among programs that only write down what they were asked.</summary>
public sealed class InstallAgentTests : IDisposable
{
    private readonly Programs programs = new();
    private readonly byte[] package = "!<arch>\nan agent\n"u8.ToArray();

    public InstallAgentTests()
    {
        File.WriteAllBytes(programs.At("amazon-ssm-agent.deb"), package);
        programs.Link("gpgv");
        programs.Add("dpkg", "case $1 in --print-architecture) echo amd64 ;; esac");
        programs.Add("dpkg-query", "exit 1");
        programs.Add("apt-get", "case $* in *-agent.deb) ;; *) exit 1 ;; esac");
        programs.Add("systemctl");
        programs.AddDownloads();
    }

    [Fact]
    public void Install_WithTheRightDigest_InstallsAndStartsTheAgent()
    {
        var run = Run(new AgentPackage { Sha256 = Convert.ToHexStringLower(SHA256.HashData(package)), Version = "3.3.1" });

        run.ExitCode.Should().Be(0, run.Error);
        programs
            .Calls.Should()
            .Contain(call =>
                call.EndsWith(
                    "https://s3.eu-west-1.amazonaws.com/amazon-ssm-eu-west-1/3.3.1/debian_amd64/amazon-ssm-agent.deb",
                    StringComparison.Ordinal
                )
            );
        IsInstalled.Should().BeTrue();
        programs.Calls[^1].Should().Be("systemctl enable --now amazon-ssm-agent.service");
    }

    [Fact]
    public void Install_PackageWithAnotherDigest_IsNotInstalled()
    {
        var run = Run(new AgentPackage { Sha256 = new string('0', 64) });

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("another digest");
        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void Install_WithoutAnythingThatProvesThePackage_DownloadsNothing()
    {
        var run = Run(new AgentPackage());

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("neither its signing key nor its digest");
        programs.Calls.Should().NotContain(call => call.StartsWith("curl", StringComparison.Ordinal));
    }

    [Fact]
    public void Install_SignedByTheConfiguredKey_IsInstalled()
    {
        var key = Sign();

        var run = Run(new AgentPackage { SigningKey = key });

        run.ExitCode.Should().Be(0, run.Error);
        IsInstalled.Should().BeTrue();
    }

    [Fact]
    public void Install_ChangedAfterItWasSigned_IsNotInstalled()
    {
        var key = Sign();
        File.AppendAllText(programs.At("amazon-ssm-agent.deb"), "and more");

        var run = Run(new AgentPackage { SigningKey = key });

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("not by the configured key");
        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void UserData_WithAKey_FitsIntoAnInstance()
    {
        // EC2 takes 16 KB before encoding.
        BuiltInScripts
            .UserData(Platform.Linux, DateTimeOffset.MaxValue, new AgentPackage { SigningKey = new string('A', 4000) })
            .Length.Should()
            .BeLessThan(16_384);
    }

    public void Dispose() => programs.Dispose();

    private bool IsInstalled =>
        programs.Calls.Any(call =>
            call.StartsWith("apt-get", StringComparison.Ordinal) && call.EndsWith("-agent.deb", StringComparison.Ordinal)
        );

    /// <summary>Signs the package with a new key and returns the public one.</summary>
    private string Sign()
    {
        Assert.SkipUnless(ScriptRun.Has("gpg") && ScriptRun.Has("gpgv"), "Signing needs gpg.");
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
                    gpgconf --kill gpg-agent
                    """,
                    programs.At("amazon-ssm-agent.deb"),
                ],
                [home]
            )
            .ExitCode.Should()
            .Be(0);
        return ScriptRun.Of("gpg", ["--armor", "--export", "agent@test"], [home]).Output;
    }

    private ScriptRun Run(AgentPackage agent)
    {
        File.WriteAllText(programs.At("user-data"), BuiltInScripts.InstallAgent(Platform.Linux, agent));
        return programs.Run(programs.At("user-data"));
    }
}
