using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>The baseline on a Debian that really runs it: every control holds, and each one that is broken on purpose is seen, by itself.</summary>
[Collection(SandboxTests.Name)]
public sealed partial class HardeningTests(SandboxMachine machine)
{
    // A Debian that has something of everything the controls are about.
    private const string Fixture = """
        mkdir -p /etc/audit/rules.d /home/someone
        printf '%s\n' -D '-a task,never' >/etc/audit/rules.d/audit.rules
        echo 'someone:x:1000:1000::/home/someone:/bin/sh' >>/etc/passwd
        echo 'someone:x:1000:' >>/etc/group
        echo 'someone:!:20000:0:99999:7:::' >>/etc/shadow
        echo enabled=1 >/etc/default/apport
        touch /usr/lib/systemd/system/avahi-daemon.service /usr/lib/systemd/system/cups.socket
        """;

    private const string Functions = """
        ssh_file=/etc/ssh/sshd_config.d/00-bakeworker.conf
        audit_file=/etc/audit/rules.d/60-bakeworker.rules
        ssh() { grep -q "^$1 " $ssh_file && sed -i "s/^$1 .*/$1 $2/" $ssh_file; }
        kernel() { grep -q "^-$1 = " /etc/sysctl.d/99-zz-bakeworker.conf && sed -i "s/^-$1 = .*/-$1 = $2/" /etc/sysctl.d/99-zz-bakeworker.conf; }
        free() { drop "^install $1 " /etc/modprobe.d/60-bakeworker.conf; }
        drop() { grep -q -- "$1" "$2" && sed -i "\\|$1|d" "$2"; }
        mend() {
          rm -f /opt/broken /etc/modprobe.d/99-broken.conf /etc/sudoers.d/99-broken /etc/systemd/*.conf.d/99-broken.conf
          cp -a --remove-destination /run/hardened/. /etc/ 2>/dev/null || true
          chmod 700 /root
        }
        others() { for one in $ids; do [ "$one" = "$1" ] || echo "$one"; done | tr '\n' ' '; }
        """;

    [Fact]
    public async Task EachControl_BrokenOnPurpose_FailsItsTest_AndNoOther()
    {
        var output = await RunAsync(
            $"""
            {Fixture}
            $harden >/dev/null
            $verify || echo 'NOT HARDENED'
            cp -a /etc /run/hardened
            {Functions}
            ids='{string.Join(' ', HardeningBreaks.All.Keys)}'
            {string.Join('\n', HardeningBreaks.All.Select(one => Break(one.Key, one.Value)))}
            """
        );

        output.Should().NotContain("NOT HARDENED");
        Failed(output).Should().Equal(HardeningBreaks.All.Keys.Select(id => $"{id}: {id}"), output);
    }

    [Fact]
    public async Task EveryControl_BrokenAtOnce_IsSeen_AndMendedByHardeningAgain()
    {
        var breaks = HardeningBreaks.All.Where(one => !HardeningBreaks.LeftToPeople.Contains(one.Key) && one.Key != "ssh-00").ToList();
        var output = await RunAsync(
            $"""
            {Fixture}
            $harden >/dev/null
            {Functions}
            {string.Join('\n', breaks.Select(one => one.Value))}
            echo 'broken:'
            $verify || true
            $harden >/dev/null
            echo 'again:'
            $verify || true
            """
        );

        var (broken, again) = (
            output[..output.IndexOf("again:", StringComparison.Ordinal)],
            output[output.IndexOf("again:", StringComparison.Ordinal)..]
        );
        FailedLine()
            .Matches(broken)
            .Select(line => line.Groups["id"].Value)
            .Distinct()
            .Should()
            .BeEquivalentTo(breaks.Select(one => one.Key));
        again.Should().NotContain("FAILED").And.Contain("\"failed\":0");
    }

    [Fact]
    public async Task EveryControl_LeftOutByItsId_IsNeitherSetNorAskedFor()
    {
        var output = await RunAsync(
            $"""
            {Fixture}
            ids='{string.Join(' ', HardeningBreaks.All.Keys)}'
            HARDEN_SKIP="$ids" $harden
            HARDEN_SKIP="$ids" $verify
            ls /etc/systemd/system/avahi-daemon.service 2>/dev/null || echo 'not masked'
            grep -v '^#' $(find /etc -name '*-bakeworker*' -type f) | grep -v ':\[' || echo 'nothing set'
            """
        );

        output
            .Should()
            .Contain("\"controls\":0,")
            .And.Contain("\"passed\":0,\"failed\":0,")
            .And.Contain("not masked")
            .And.Contain("nothing set");
    }

    [Fact]
    public async Task Initramfs_ThatLostADriverWhenTheRunWasCutOff_IsHeldToWhatItHadBefore()
    {
        var output = await RunAsync(
            $$"""
            mkdir -p /run/systemd/system /boot /usr/local/bin
            echo /usr/lib/modules/1/nvme.ko.xz >/boot/initrd.img-1
            tool() { cat >"/usr/local/bin/$1" && chmod 755 "/usr/local/bin/$1"; }
            echo 'cat "$1"' | tool lsinitramfs
            export HARDEN_SKIP='{{string.Join(
                ' ',
                HardeningBreaks.All.Keys.Where(id => !id.StartsWith("mod-", StringComparison.Ordinal))
            )}}'
            echo ': >/boot/initrd.img-1; exit 1' | tool update-initramfs
            $harden 2>&1 || echo 'refused at first'
            echo : | tool update-initramfs
            $harden 2>&1 || echo 'refused again'
            echo 'echo /usr/lib/modules/1/nvme.ko.xz >/boot/initrd.img-1' | tool update-initramfs
            $harden 2>&1 && echo 'taken at last'
            : >/boot/initrd.img-1
            $harden 2>&1 && echo 'and left alone'
            ls /var/lib/bakeworker-initramfs* 2>/dev/null || echo 'nothing left'
            """
        );

        output
            .Should()
            .Match(
                "*could not be rebuilt*refused at first*lacks a driver that the former one had: /nvme.ko*refused again*taken at last*and left alone*nothing left*"
            );
    }

    private static string Break(string id, string how) =>
        $"""
            {how} || echo '{id} was not there'
            echo "{id}:"
            HARDEN_SKIP="$(others {id})" $verify || true
            mend
            """;

    private static IEnumerable<string> Failed(string output) =>
        Section().Matches(output).Select(section => $"{section.Groups["id"].Value}: {Ids(section.Groups["lines"].Value)}");

    private static string Ids(string lines) =>
        string.Join(' ', FailedLine().Matches(lines).Select(line => line.Groups["id"].Value).Distinct());

    private async Task<string> RunAsync(string script)
    {
        var text = $"""
            #!/bin/bash
            set -eu
            mkdir -p /run/steps
            {File("harden")}
            {File("verify-hardening")}
            chmod 700 /run/steps/*
            harden=/run/steps/harden verify=/run/steps/verify-hardening
            {script}
            """;
        await using var guest = await machine.BootAsync();
        var exit = await guest.RunAsync(
            new GuestScript(text, TimeSpan.FromMinutes(5)) { CommandId = "hardening" },
            TestContext.Current.CancellationToken
        );
        exit.ExitCode.Should().Be(0, exit.Output + exit.ErrorOutput);
        return exit.Output;
    }

    private static string File(string name) =>
        $"cat >/run/steps/{name} <<'THE_END_OF_IT'\n{System.IO.File.ReadAllText(Checkout.File($"recipes/steps/linux/{name}.sh"))}THE_END_OF_IT";

    [GeneratedRegex("^(?<id>[a-z]+-[0-9]{2}):\n(?<lines>(?:(?![a-z]+-[0-9]{2}:\n).*\n)*)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("^FAILED (?<id>[a-z]+-[0-9]{2}): ", RegexOptions.Multiline)]
    private static partial Regex FailedLine();
}
