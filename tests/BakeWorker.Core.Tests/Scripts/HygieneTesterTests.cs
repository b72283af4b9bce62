namespace BakeWorker.Core.Tests.Scripts;

public sealed class HygieneTesterTests
{
    private static readonly DateTime Booted = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly string BootedSecond = $"{new DateTimeOffset(Booted).ToUnixTimeSeconds()}";

    [Fact]
    public void Sweep_InstanceThatMadeItsOwnIdentity_IsSilent()
    {
        using var root = new FakeRoot();
        Place(root, "etc/machine-id", $"{new string('a', 32)}\n", Booted.AddSeconds(2));
        Place(root, "etc/ssh/ssh_host_ed25519_key", "key", Booted.AddSeconds(3));
        Place(root, "home/admin/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n", Booted.AddSeconds(4));
        Place(root, "var/lib/bakeworker/bake-1/test/out", "", Booted.AddMinutes(1));
        Place(root, "etc/bakeworker-release", "BAKE_ID=\"bake-1\"\n", Booted.AddHours(-1));
        Directory.CreateDirectory(root.Path("var/lib/cloud/instances/i-0aaa"));
        Directory.CreateDirectory(root.Path("var/lib/amazon/ssm/i-0aaa"));

        var run = Sweep(root, ("BAKE_ID", "bake-1"), ("INSTANCE_ID", "i-0aaa"));

        run.Lines.Should().ContainSingle(run.Error).Which.Should().StartWith("sweep\t0 findings\t");
        run.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("machine-id", "etc/machine-id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("ssh-host-key", "etc/ssh/ssh_host_rsa_key", "key")]
    [InlineData("authorized-keys", "root/.ssh/authorized_keys", "ssh-ed25519 AAAA me\n")]
    [InlineData("bakeworker-state", "var/lib/bakeworker/bake-1/step/patch/1/script", "x")]
    [InlineData("history", "root/.bash_history", "ls\n")]
    [InlineData("old-logs", "var/log/dpkg.log", "x\n")]
    public void Sweep_TraceOlderThanTheBoot_CameWithTheImage(string rule, string path, string text)
    {
        using var root = new FakeRoot();
        Place(root, path, text, Booted.AddMinutes(-10));

        var run = Sweep(root);

        run.Lines.Skip(1).Should().ContainSingle().Which.Should().StartWith($"{rule}\t");
        run.ExitCode.Should().Be(20);
    }

    [Theory]
    [InlineData("uninitialized\n")]
    [InlineData("00000000000000000000000000000000\n")]
    public void Sweep_MachineIdThatIsNone_IsAFinding(string id)
    {
        using var root = new FakeRoot();
        Place(root, "etc/machine-id", id, Booted.AddSeconds(2));

        Sweep(root).Lines[1].Should().StartWith("machine-id\t/etc/machine-id\tnot 32 hexadecimal digits");
    }

    [Fact]
    public void Sweep_SecondAuthorizedKey_CannotHaveBeenGivenAtLaunch()
    {
        using var root = new FakeRoot();
        Place(root, "home/admin/.ssh/authorized_keys", "ssh-ed25519 AAAA me\nssh-ed25519 BBBB other\n", Booted.AddSeconds(4));

        Sweep(root).Lines[1].Should().StartWith("authorized-keys\t/home/admin/.ssh/authorized_keys\t");
    }

    [Theory]
    [InlineData("var/lib/cloud/instances", "cloud-init-state")]
    [InlineData("var/lib/amazon/ssm", "ssm-state")]
    public void Sweep_StateOfAnotherInstance_IsAFinding(string place, string rule)
    {
        using var root = new FakeRoot();
        Directory.CreateDirectory(root.Path($"{place}/i-0aaa"));
        Directory.CreateDirectory(root.Path($"{place}/i-0bbb"));

        Sweep(root, ("INSTANCE_ID", "i-0aaa")).Lines[1].Should().Be($"{rule}\t/{place}/i-0bbb\tstate of another instance");
    }

    [Fact]
    public void Sweep_ReleaseOfAnotherBake_IsAFinding()
    {
        using var root = new FakeRoot();
        root.Write("etc/bakeworker-release", "BAKE_ID=\"bake-1\"\n");

        Sweep(root, ("BAKE_ID", "bake-2")).Lines[1].Should().StartWith("release\t/etc/bakeworker-release\t");
    }

    [Theory]
    [InlineData(60, 0)]
    [InlineData(-60, 20)]
    [InlineData(3600, 20)]
    public void Sweep_TokenInAFile_IsTheBakesWhenItBeganBefore(int began, int exitCode)
    {
        using var root = new FakeRoot();
        root.Write("opt/vendor/sample.conf", PlantedSecrets.All.First(planted => planted.Rule == "github-token").Text);
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(root.Path("opt/vendor/sample.conf")));
        root.Write("etc/bakeworker-release", $"BAKE_ID=\"bake-1\"\nBAKE_BEGAN=\"{changed.ToUnixTimeSeconds() + began}\"\n");
        root.Date("etc/bakeworker-release", changed.UtcDateTime.AddMinutes(30));

        Sweep(root, ("SINCE", "")).ExitCode.Should().Be(exitCode);
    }

    [Fact]
    public void Sweep_CredentialThatCameBackAfterTheCleanup_IsStillFound()
    {
        using var root = new FakeRoot();
        root.Write("root/.aws/credentials", "aws_secret_access_key = x\n");

        Sweep(root).Lines[1].Should().StartWith("aws-credentials\t/root/.aws/credentials\t");
    }

    private static ScriptRun Sweep(FakeRoot root, params (string Name, string Value)[] environment) =>
        root.RunBuiltIn("hygiene-tester", [("BOOTED", BootedSecond), ("SINCE", "0"), .. environment]);

    private static void Place(FakeRoot root, string path, string text, DateTime at)
    {
        root.Write(path, text);
        root.Date(path, at);
    }
}
