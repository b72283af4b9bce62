using System.Security.Cryptography;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The user data runs for real among programs that only write down what they were asked.</summary>
public sealed class InstallAgentTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bakeworker-agent-").FullName;
    private readonly byte[] package = "!<arch>\nan agent\n"u8.ToArray();

    public InstallAgentTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "User data is a Linux script.");
        Directory.CreateDirectory(At("bin"));
        File.WriteAllBytes(At("amazon-ssm-agent.deb"), package);
        Program("dpkg", $"case $1 in --print-architecture) echo amd64 ;; -i) echo \"$2\" >>{At("installed")} ;; esac");
        Program("dpkg-query", "exit 1");
        Program("apt-get", "exit 1");
        Program("systemctl", $"echo \"$*\" >>{At("started")}");
        // Answers by the last part of the address; -o names where it goes.
        Program(
            "curl",
            $"""
            out=''
            while [ $# -gt 0 ]; do
              case $1 in -o) out=$2; shift ;; http*) url=$1 ;; esac
              shift
            done
            echo "$url" >>{At("asked")}
            case $url in
              */api/token) echo token ;;
              */region) echo eu-west-1 ;;
              */domain) echo amazonaws.com ;;
              *) cp "{folder}/$(basename "$url")" "$out" ;;
            esac
            """
        );
    }

    [Fact]
    public void Install_WithTheRightDigest_InstallsAndStartsTheAgent()
    {
        var run = Run(new AgentPackage { Sha256 = Convert.ToHexStringLower(SHA256.HashData(package)), Version = "3.3.1" });

        run.ExitCode.Should().Be(0, run.Error);
        File.ReadAllText(At("asked"))
            .Should()
            .Contain("https://s3.eu-west-1.amazonaws.com/amazon-ssm-eu-west-1/3.3.1/debian_amd64/amazon-ssm-agent.deb\n");
        File.ReadAllText(At("installed")).Should().EndWith("amazon-ssm-agent.deb\n");
        File.ReadAllText(At("started")).Should().Be("enable --now amazon-ssm-agent.service\n");
    }

    [Fact]
    public void Install_PackageWithAnotherDigest_IsNotInstalled()
    {
        var run = Run(new AgentPackage { Sha256 = new string('0', 64) });

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("another digest");
        File.Exists(At("installed")).Should().BeFalse();
    }

    [Fact]
    public void Install_WithoutAnythingThatProvesThePackage_DownloadsNothing()
    {
        var run = Run(new AgentPackage());

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("neither its signing key nor its digest");
        File.Exists(At("asked")).Should().BeFalse();
    }

    [Fact]
    public void Install_SignedByTheConfiguredKey_IsInstalled()
    {
        var key = Sign();

        var run = Run(new AgentPackage { SigningKey = key });

        run.ExitCode.Should().Be(0, run.Error);
        File.Exists(At("installed")).Should().BeTrue();
    }

    [Fact]
    public void Install_ChangedAfterItWasSigned_IsNotInstalled()
    {
        var key = Sign();
        File.AppendAllText(At("amazon-ssm-agent.deb"), "and more");

        var run = Run(new AgentPackage { SigningKey = key });

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("not by the configured key");
        File.Exists(At("installed")).Should().BeFalse();
    }

    [Fact]
    public void UserData_WithAKey_FitsIntoAnInstance()
    {
        // EC2 takes 16 KB before encoding.
        BuiltInScripts
            .InstallAgent(Platform.Linux, new AgentPackage { SigningKey = new string('A', 4000) })
            .Length.Should()
            .BeLessThan(16_384);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private void Program(string name, string text)
    {
        File.WriteAllText(At($"bin/{name}"), $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Signs the package with a new key and returns the public one.</summary>
    private string Sign()
    {
        Assert.SkipUnless(ScriptRun.Has("gpg") && ScriptRun.Has("gpgv"), "Signing needs gpg.");
        var home = ("GNUPGHOME", At("gnupg"));
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
                    At("amazon-ssm-agent.deb"),
                ],
                [home]
            )
            .ExitCode.Should()
            .Be(0);
        return ScriptRun.Of("gpg", ["--armor", "--export", "agent@test"], [home]).Output;
    }

    private ScriptRun Run(AgentPackage agent)
    {
        File.WriteAllText(At("user-data"), BuiltInScripts.InstallAgent(Platform.Linux, agent));
        return ScriptRun.Of("/bin/sh", [At("user-data")], [("PATH", $"{At("bin")}:/usr/bin:/bin")]);
    }
}
