using System.Text;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Tests.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Vm;

/// <summary>One machine and all that can be asked of it while it runs.</summary>
[Collection(VmTests.Name)]
public sealed class VmMachineTests(VmWorld world)
{
    private const string Token =
        "token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token);"
        + " get() { curl -sf -H \"X-aws-ec2-metadata-token: $token\" http://169.254.169.254/latest/$1; };";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Script_RunsAsRootOfAWholeMachine()
    {
        var guest = await world.Shared;

        (await guest.AskAsync("id -u; pwd; cat /proc/1/comm; systemctl is-system-running --wait; systemctl --failed --no-legend"))
            .Should()
            .Be("0\n/usr/bin\nsystemd\nrunning");
        (await guest.AskAsync("uname -r; ls /boot/vmlinuz-* | sed 's,.*vmlinuz-,,'")).Split('\n').Distinct().Should().ContainSingle();
        (await guest.AskAsync("cat /sys/devices/virtual/dmi/id/board_asset_tag")).Should().Be(guest.Spec.InstanceId);
        var exit = await guest.RunAsync("#!/bin/bash\nprintf 'out\\0put'; echo error >&2; exit 7");
        exit.Should()
            .BeEquivalentTo(
                new
                {
                    ExitCode = 7,
                    Output = "out\0put",
                    ErrorOutput = "error\n",
                    TimedOut = false,
                    Lost = false,
                }
            );
    }

    [Fact]
    public async Task Script_ThatPrintsTooMuch_KeepsItsBeginning()
    {
        var guest = await world.Shared;

        var output = (await guest.RunAsync("head -c 3000000 /dev/zero | tr '\\0' a")).Output;

        output.Should().StartWith("aaaa").And.EndWith($"\n[{3_000_000 - (1 << 20)} more bytes were not kept]\n");
    }

    [Fact]
    public async Task Script_ThatTakesTooLong_IsKilledWithAllItStarted()
    {
        var guest = await world.Shared;

        var exit = await guest.RunAsync("echo begun; sleep 7013 & sleep 7013", TimeSpan.FromSeconds(20));

        exit.Should().BeEquivalentTo(new { TimedOut = true, Output = "begun\n" }, options => options.ExcludingMissingMembers());
        (await guest.AskAsync("pgrep -f 'sleep 7013' || echo none")).Should().Be("none");
    }

    [Fact]
    public async Task Script_ThatIsCancelled_IsKilled()
    {
        var guest = await world.Shared;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        var run = guest.RunAsync("echo $$ >/run/cancelled-script; exec sleep 7014", ct: cancel.Token);
        await guest.AskAsync("until [ -s /run/cancelled-script ]; do sleep 0.1; done");

        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await guest.AskAsync("pgrep -f 'sleep 7014' || echo none")).Should().Be("none");
    }

    [Fact]
    public async Task Scripts_RunBesideEachOther()
    {
        var guest = await world.Shared;

        var meeting = Enumerable
            .Range(1, 3)
            .Select(number =>
                guest.AskAsync($"touch /run/met-{number}; until [ $(ls /run/met-* | wc -l) = 3 ]; do sleep 0.1; done; echo {number}")
            );

        (await Task.WhenAll(meeting)).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task Metadata_WantsATokenAndKnowsTheInstance()
    {
        var guest = await world.Shared;
        await world.Ec2.CreateTagsAsync(new CreateTagsRequest([guest.Spec.InstanceId], [new("Later", "yes")]), _ct);

        (await guest.AskAsync("curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/instance-id"))
            .Should()
            .Be("401");
        (
            await guest.AskAsync(
                $"{Token} get meta-data/instance-id; echo; get meta-data/tags/instance/Name; echo; get meta-data/tags/instance/Later"
            )
        )
            .Should()
            .Be($"{guest.Spec.InstanceId}\na machine\nyes");
        (await guest.AskAsync($"{Token} get dynamic/instance-identity/document"))
            .Should()
            .Contain($"\"instanceId\": \"{guest.Spec.InstanceId}\"")
            .And.Contain($"\"privateIp\": \"{guest.Spec.PrivateIp}\"");
        (await guest.AskAsync($"{Token} get user-data | head -n 2 | tail -n 1; get meta-data/local-ipv4; echo; hostname -I"))
            .Should()
            .MatchRegex($"^echo hello console\n{guest.Spec.PrivateIp}\n.*\\b{guest.Spec.PrivateIp}\\b");
    }

    [Fact]
    public async Task Network_ReachesPackageMirrorsAndNothingElse()
    {
        var guest = await world.Shared;

        (await guest.AskAsync("curl -sf http://deb.debian.org/debian/dists/bookworm/InRelease | head -n 1"))
            .Should()
            .Be("-----BEGIN PGP SIGNED MESSAGE-----");
        (await guest.AskAsync("curl -s -o /dev/null -w '%{http_code}' http://example.com/; curl -s https://example.com/; echo $?"))
            .Should()
            .Be("40356");
        // Neither by way of an address, nor this machine itself, which a user network would lend.
        (
            await guest.AskAsync(
                "curl -s --noproxy '*' --max-time 3 http://172.31.255.250:22/; echo $?; curl -s --noproxy '*' --max-time 3 http://1.1.1.1/; echo $?"
            )
        )
            .Should()
            .MatchRegex("^(7|28)\n(7|28)$");
    }

    [Fact]
    public async Task Console_AndScreen_ShowTheBoot()
    {
        var guest = await world.Shared;
        await VmWorld.UntilAsync(async () => (await guest.ReadConsoleAsync(_ct)).Contains("user data ended"));

        var output = await world.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = guest.Spec.InstanceId }, _ct);
        Encoding.UTF8.GetString(Convert.FromBase64String(output.Output)).Should().Contain("hello console").And.Contain("login:");
        var screen = await world.Ec2.GetConsoleScreenshotAsync(new GetConsoleScreenshotRequest { InstanceId = guest.Spec.InstanceId }, _ct);
        Convert.FromBase64String(screen.ImageData).Should().StartWith([0xFF, 0xD8]).And.HaveCountGreaterThan(5000);
    }

    [Fact]
    public async Task Packages_AreThoseOfTheMachine()
    {
        var guest = await world.Shared;

        var packages = (await guest.ReadPackagesAsync(_ct))!;

        packages.Ecosystem.Should().Be("Debian:12");
        packages.Packages.Should().HaveCountGreaterThan(100).And.Contain(package => package.Name.StartsWith("linux-image-6"));
        (await world.Host.ReadPackagesAsync(SandboxWorld.Debian, _ct)).Should().BeEquivalentTo(packages);
    }

    [Fact]
    public async Task Door_RunsACommandAsRootAndTellsHowItEnded()
    {
        var guest = await world.Shared;
        var door = world.Host.Doors.Find(guest.Spec.InstanceId)!;

        var result = await HostTool.RunAsync([.. door.Command, "sh", "-c", "id -un; echo \"it's $0\" >&2; exit 3"], _ct);

        result.Should().BeEquivalentTo(new { ExitCode = 3, Output = "root\nit's sh\n" });
    }

    [Fact]
    public async Task Kvm_IsTriedAndItsTroubleSaid()
    {
        await world.Shared;

        world.Said.Should().Contain(line => line.StartsWith("virtual machines run by ", StringComparison.Ordinal));
    }
}
