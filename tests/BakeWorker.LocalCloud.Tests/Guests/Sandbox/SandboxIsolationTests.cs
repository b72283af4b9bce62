using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

[Collection(SandboxTests.Name)]
[SupportedOSPlatform("linux")]
public sealed class SandboxIsolationTests(SandboxWorld world)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task HostileStep_LeavesNoTraceOnTheHost()
    {
        await using var guest = await world.BootAsync();
        var folder = Directory.CreateTempSubdirectory("bakeworker-victim-");
        using var victim = Process.Start("sleep", "600");
        try
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_111_111);
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, "the host's own words", _ct);
            File.SetUnixFileMode(secret, (UnixFileMode)0b110_110_110);
            var before = Host.Look();

            var exit = await guest.RunAsync(Attack(secret, victim.Id));

            exit.Lost.Should().BeFalse(exit.Output + exit.ErrorOutput);
            exit.Output.Should().NotContain("the host's own words").And.EndWith("done\n");
            Host.Look().Should().Be(before);
            Directory.GetFiles(folder.FullName).Should().Equal(secret);
            (await File.ReadAllTextAsync(secret, _ct)).Should().Be("the host's own words");
            victim.HasExited.Should().BeFalse();
        }
        finally
        {
            victim.Kill();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Guest_WhoseProcessesAreAllKilledFromInside_StillAnswers()
    {
        await using var guest = await world.BootAsync();

        var exit = await guest.RunAsync("kill -9 1; kill -STOP 1; kill -9 -1; echo survived");

        exit.Lost.Should().BeFalse();
        (await guest.AskAsync("echo again >/dev/console; echo answered")).Should().Be("answered");
    }

    [Fact]
    public async Task Guest_SeesNeitherTheHostsProcessesNorItsFiles()
    {
        await using var guest = await world.BootAsync();

        (await guest.AskAsync("ls /run/sandbox/host; ls /proc/*/fd/* -l 2>/dev/null | grep -c 'artifacts'; true")).Should().Be("0");
        (await guest.AskAsync("cat /proc/self/mountinfo")).Should().NotContain(world.Options.DataFolder).And.NotContain(SandboxWorld.Cache);
        (await guest.AskAsync("ps -e -o pid= | wc -l")).Should().MatchRegex("^[0-9]$|^1[0-9]$");
        (
            await guest.RunAsync(
                "umount -l /proc/sys/kernel/random/boot_id; umount -lR /; ls /work /home/* /root/.. >/dev/null; cd /; cd ..; ls -d /dev/vda /dev/sda /dev/nvme0n1"
            )
        )
            .Output.Should()
            .BeEmpty();
    }

    [Fact]
    public async Task ForkBomb_EndsInTheGuest()
    {
        await using var guest = await world.BootAsync();

        var exit = await guest.RunAsync(
            "#!/bin/bash\nfor i in {1..9000}; do sleep 30 & done 2>/dev/null; echo through",
            TimeSpan.FromSeconds(5)
        );

        (exit.TimedOut || exit.ExitCode != 0 || exit.Output == "through\n").Should().BeTrue();
        (await guest.AskAsync("pgrep -c '^sleep$' || true")).Should().NotBe("9000");
    }

    [Fact]
    public async Task Guest_WithoutInternet_HasOnlyItsOwnLoopback()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connect = $"#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port} && echo connected";
        await using var online = await world.BootAsync();
        await using var offline = await world.BootAsync(world.Spec() with { HasInternet = false });

        (await online.AskAsync(connect)).Should().Be("connected");
        (await offline.RunAsync(connect)).ExitCode.Should().NotBe(0);
        (await offline.AskAsync("ip -o link | cut -d: -f2; ip -o addr show dev lo | grep -c 127.0.0.1")).Should().Be("lo\n1");
        (await online.RunAsync("ip link set lo down")).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Guest_InstallsPackagesAndGivesFilesAway()
    {
        await using var guest = await world.BootAsync();

        await guest.AskAsync(
            "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends bc ssl-cert >/dev/null"
        );

        (await guest.AskAsync("echo 6*7 | bc; stat -c %G /etc/ssl/private")).Should().Be("42\nssl-cert");
        (
            await guest.AskAsync(
                "useradd -m carol && touch /home/carol/file && chown carol:carol /home/carol/file && su carol -c 'id -un; stat -c %U ~/file'"
            )
        )
            .Should()
            .Be("carol\ncarol");
    }

    [Fact]
    public async Task Dispose_LeavesNoProcessFolderOrMount()
    {
        var spec = world.Spec();
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo", _ct);
        var guest = await world.BootAsync(spec);
        await guest.AskAsync("setsid sleep 7021 >/dev/null 2>&1 & mkdir -p /root/a/b; chmod 0 /root/a; chown 1234:5678 /root/a");
        var process = guest.ProcessId!;

        await guest.DisposeAsync();

        Directory.Exists($"/proc/{process}").Should().BeFalse();
        Directory.EnumerateFileSystemEntries(Path.Combine(SandboxWorld.Cache, "instances"), $"{spec.InstanceId}*").Should().BeEmpty();
        (await File.ReadAllTextAsync("/proc/self/mountinfo", _ct)).Should().Be(mounts);
    }

    private static string Attack(string secret, int victim) =>
        $$"""
            for path in {{secret}} /proc/1/root{{secret}} /proc/1/cwd{{secret}} /../..{{secret}} /run/sandbox/host{{secret}} /proc/{{victim}}/root{{secret}}; do
              cat "$path"; echo owned >"$path"; echo owned >"$path.new"
            done
            for fd in /proc/1/fd/*; do cat "$fd/../../../../{{secret}}" "$fd{{secret}}"; done 2>&1 </dev/null | head -c 10000
            nsenter -t 1 -m -- cat {{secret}}
            mkdir -p /tmp/jail && chroot /tmp/jail ../../../../../../bin/cat {{secret}}
            perl -e 'mkdir "/tmp/out"; opendir my $d, "/"; chroot "/tmp/out"; chdir($d); chdir ".." for 1..64; chroot "."; exec "cat", "{{secret}}"'
            unshare -Ur cat {{secret}}
            kill -9 {{victim}}; kill -STOP {{victim}}
            perl -e 'syscall(101, 16, {{victim}}, 0, 0) == 0 and print "traced\n"'
            mknod /tmp/disk b 254 0 && cat /tmp/disk | head -c 100
            mknod /dev/kmsg2 c 1 11 && echo hello >/dev/kmsg2
            for setting in kernel/panic kernel/core_pattern kernel/sysrq vm/swappiness net/ipv4/ip_forward fs/file-max kernel/hostname; do
              echo 1 >/proc/sys/$setting
            done
            echo c >/proc/sysrq-trigger
            echo 1000 >/proc/1/oom_score_adj
            mount -t tmpfs tmpfs /mnt && touch /mnt/here
            mount --bind /etc /opt
            mount --make-rshared /
            mount -t tmpfs tmpfs /srv
            mount -o remount,rw /proc
            mount -t sysfs sysfs /sys && echo 1 >/sys/kernel/profiling
            mount -t cgroup2 none /mnt && mkdir /mnt/mine
            hostname stolen
            modprobe dummy; insmod /bin/sh
            date -s '2001-01-01'
            ip link add dummy0 type dummy; ip addr add 10.99.99.99/32 dev lo
            chmod 777 /dev/null; rm -f /dev/null; chown 5 /dev/zero
            swapoff -a
            umount -l /dev /proc
            ls -d {{secret}}
            echo done
            """;

    /// <summary>What a step could have changed on this machine.</summary>
    private static class Host
    {
        private static readonly string[] Settings =
        [
            "kernel/panic",
            "kernel/core_pattern",
            "kernel/sysrq",
            "vm/swappiness",
            "net/ipv4/ip_forward",
            "fs/file-max",
            "kernel/hostname",
        ];

        public static string Look() =>
            string.Join(
                '\n',
                Settings
                    .Select(setting => $"{setting}={Read($"/proc/sys/{setting}")}")
                    .Append(Read("/proc/self/mountinfo"))
                    .Append(Read("/proc/modules"))
                    .Append(Read("/proc/swaps"))
                    .Append(string.Join(',', Read("/proc/net/dev").Split('\n').Select(line => line.Split(':')[0].Trim())))
                    .Append($"{File.GetUnixFileMode("/dev/null")} {File.Exists("/dev/kmsg2")}")
            );

        private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
