using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

[Collection(SandboxTests.Name)]
public sealed class SandboxPowerTests(SandboxWorld world)
{
    private const string BootId = "cat /proc/sys/kernel/random/boot_id";
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reboot_GivesANewBootId_KeepsTheDiskAndEndsWhatRan()
    {
        await using var guest = await world.BootAsync();
        var before = await guest.AskAsync($"{BootId}; echo kept >/root/file; echo gone >/run/file; sleep 7011 >/dev/null 2>&1 &");

        await guest.RebootAsync(_ct);

        (await guest.AskAsync(BootId)).Should().HaveLength(36).And.NotBe(before);
        (await guest.AskAsync("cat /root/file; ls /run/file 2>/dev/null; pgrep -f 'sleep 7011'; true")).Should().Be("kept");
    }

    [Theory]
    [InlineData("reboot")]
    [InlineData("/sbin/reboot")]
    [InlineData("shutdown -r now")]
    [InlineData("systemctl reboot")]
    [InlineData("reboot() { perl -e 'syscall(169, 0xfee1dead, 672274793, 0x1234567)'; }; reboot")]
    public async Task Reboot_FromInside_ComesBackWithANewBootId(string command)
    {
        await using var guest = await world.BootAsync();
        var before = await guest.AskAsync(BootId);
        var wentOff = false;
        guest.PoweredOff += (_, _) => wentOff = true;

        (await guest.RunAsync($"{command}; sleep 60")).Lost.Should().BeTrue();

        (await guest.AskAsync(BootId)).Should().NotBe(before);
        wentOff.Should().BeFalse();
    }

    [Theory]
    [InlineData("poweroff")]
    [InlineData("/sbin/poweroff")]
    [InlineData("shutdown -h now")]
    [InlineData("systemctl poweroff")]
    [InlineData("systemd-run --on-active=1 --timer-property=AccuracySec=100ms /bin/sh -c 'exec systemctl poweroff'")]
    [InlineData("(sleep 0.2; halt -p) >/dev/null 2>&1 &")]
    public async Task PowerOff_FromInside_IsHeardOf(string command)
    {
        await using var guest = await world.BootAsync();
        var off = new TaskCompletionSource();
        guest.PoweredOff += (_, _) => off.SetResult();

        await guest.RunAsync(command);

        await off.Task.WaitAsync(TimeSpan.FromSeconds(30), _ct);
        (await guest.ReadConsoleAsync(_ct)).Should().Contain("reboot: Power down");
    }

    [Fact]
    public async Task PowerOff_FromOutside_IsNoNewsAndKeepsTheDisk()
    {
        await using var guest = await world.BootAsync();
        var wentOff = false;
        guest.PoweredOff += (_, _) => wentOff = true;
        await guest.AskAsync("echo kept >/root/file");

        await guest.PowerOffAsync(_ct);
        (await guest.RunAsync("true")).Lost.Should().BeTrue();
        await guest.BootAsync(_ct);

        (await guest.AskAsync("cat /root/file")).Should().Be("kept");
        wentOff.Should().BeFalse();
    }

    [Fact]
    public async Task Shutdown_ThatIsCancelled_DoesNotHappen()
    {
        await using var guest = await world.BootAsync();

        await guest.AskAsync("shutdown -h +1");
        (await guest.AskAsync("until [ -s /run/sandbox/shutdown ]; do sleep 0.05; done; pgrep -fc '^sleep 60'")).Should().Be("1");
        await guest.AskAsync("shutdown -c");

        (await guest.AskAsync("pgrep -f '^sleep 60' || echo none")).Should().Be("none");
    }

    [Fact]
    public async Task Boot_OfACloudImage_DoesTheDutiesOfItsInit()
    {
        await using var guest = await world.BootAsync();

        (await guest.AskAsync("cat /etc/machine-id")).Should().MatchRegex("^[0-9a-f]{32}$");
        (await guest.AskAsync("hostname")).Should().MatchRegex("^ip-10-[0-9-]+$");
        (await guest.AskAsync("ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key | cut -d' ' -f1")).Should().Be("256");
        (await guest.AskAsync("/usr/sbin/sshd -t; stat -c %a /etc/ssh/ssh_host_ecdsa_key")).Should().Be("600");
        (await guest.ReadConsoleAsync(_ct)).Should().Contain("Welcome to Debian").And.Contain("login:");
    }

    [Fact]
    public async Task UserData_RunsOnceForAnInstance_AndShowsOnTheConsole()
    {
        await using var guest = await world.BootAsync(
            world.Spec() with
            {
                UserData = "#!/bin/bash\necho \"hello console\"\necho run >>/root/runs\n",
            }
        );
        const string Wait = "until grep -q . /root/runs 2>/dev/null; do sleep 0.05; done; cat /root/runs";

        (await guest.AskAsync(Wait)).Should().Be("run");
        await guest.RebootAsync(_ct);

        (await guest.AskAsync(Wait)).Should().Be("run");
        (await guest.ReadConsoleAsync(_ct)).Should().Contain("hello console");
    }

    [Fact]
    public async Task UserData_ThatInstallsTheAgent_LeavesThatPartOutAndDoesTheRest()
    {
        await using var guest = await world.BootAsync(
            world.Spec() with
            {
                UserData = """
                #!/bin/sh
                set -eu
                curl -fsS -o /tmp/amazon-ssm-agent.deb https://s3.example/amazon-ssm-example/latest/debian_amd64/amazon-ssm-agent.deb
                dpkg -i /tmp/amazon-ssm-agent.deb
                systemctl enable --now amazon-ssm-agent
                systemctl is-active amazon-ssm-agent >/root/agent
                """,
            }
        );

        guest.HasAgent.Should().BeTrue();
        (await guest.AskAsync("until [ -s /root/agent ]; do sleep 0.05; done; cat /root/agent")).Should().Be("active");
        (await guest.ReadConsoleAsync(_ct)).Should().Contain("the agent is here already: not run: curl");
    }

    [Fact]
    public async Task Agent_OfADebianWithoutUserData_IsNotThere()
    {
        await using var guest = (IAsyncDisposable)world.Host.Create(world.Spec());

        ((IGuest)guest).HasAgent.Should().BeFalse();
    }

    [Fact]
    public async Task Systemctl_AboutFiles_IsDoneAndAboutUnitsIsRemembered()
    {
        await using var guest = await world.BootAsync();

        (await guest.AskAsync("systemctl is-enabled cron; systemctl is-active cron")).Should().Be("enabled\nactive");
        (await guest.AskAsync("systemctl disable --now cron 2>/dev/null; systemctl is-enabled cron; systemctl is-active cron; true"))
            .Should()
            .Be("disabled\ninactive");
        (await guest.AskAsync("systemctl mask ssh 2>/dev/null; readlink /etc/systemd/system/ssh.service")).Should().Be("/dev/null");
        (await guest.RunAsync("systemctl start no-such-unit")).Should().BeEquivalentTo(new { ExitCode = 5 });
        (
            await guest.AskAsync(
                "systemctl daemon-reload; systemctl is-system-running; systemctl restart cron; systemctl show -p ActiveState --value cron"
            )
        )
            .Should()
            .Be("running\nactive");
    }
}
