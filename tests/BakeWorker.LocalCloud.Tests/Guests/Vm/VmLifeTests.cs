using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Guests.Vm;
using BakeWorker.LocalCloud.Tests.Guests.Sandbox;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.Guests.Vm;

/// <summary>Machines from their launch to their image and beyond.</summary>
[Collection(VmTests.Name)]
public sealed class VmLifeTests(VmWorld world)
{
    private const string BootId = "cat /proc/sys/kernel/random/boot_id";
    private const string Identity = "cat /etc/machine-id; ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key | cut -d' ' -f2; " + BootId;
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>
    /// A builder restarts with a new boot id and the kernel that it has by then, and is stopped and started. It seals itself with the worker's
    /// own script and is off, captured and gone. Two machines of the image are themselves, and nobody of them was the builder.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Machine_RestartsSealsItselfAndLivesOnInItsImage()
    {
        world.Require();
        var builder = await world.LaunchAsync(order => order.UserData = VmWorld.ToBase64("#!/bin/sh\n# amazon-ssm-agent\n"));
        var id = builder.Spec.InstanceId;
        builder.HasAgent.Should().BeTrue();

        var firstBoot = await builder.AskAsync(BootId);
        await PretendANewKernelAsync(builder);
        await builder.RebootAsync(_ct);
        (await builder.AskAsync(BootId)).Should().HaveLength(36).And.NotBe(firstBoot);
        (await builder.AskAsync("cat /kernel; ls /run/gone 2>&1 | wc -l; cat /proc/cmdline")).Should().StartWith("kept\n1\n");
        (await builder.AskAsync("cat /run/initial-file-system")).Should().Be("the new one");

        var identity = (await builder.AskAsync(Identity)).Split('\n');
        await SealAsync(builder);
        await VmWorld.UntilAsync(async () => await world.StateOfAsync(id) == "stopped");
        (await builder.ReadConsoleAsync(_ct)).Should().Contain("reboot: Power down");

        var image = (await world.Ec2.CreateImageAsync(new CreateImageRequest(id, "sealed"), _ct)).ImageId;
        await VmWorld.UntilAsync(async () => (await ReadAsync(image)).State == "available");
        await world.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest([id]), _ct);
        var disk = (await ReadAsync(image)).BlockDeviceMappings.Single().Ebs.SnapshotId;
        world.Host.FindDisk(disk).Should().EndWith(".qcow2");
        (await world.Host.ReadPackagesAsync(disk, _ct))!.Packages.Should().Contain(package => package.Name == "systemd");

        var twins = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TestAsync(image)));
        var identities = twins.Select(text => text.Split('\n')).Append(identity).ToList();
        identities.Select(lines => lines[0]).Should().OnlyHaveUniqueItems().And.OnlyContain(machine => machine.Length == 32);
        identities.Select(lines => lines[1]).Should().OnlyHaveUniqueItems();
        identities.Select(lines => lines[2]).Should().OnlyHaveUniqueItems();
    }

    /// <summary>An instance of the image in the subnet without a way out: what came with the image, and who it is.</summary>
    private async Task<string> TestAsync(string image)
    {
        var tester = await world.LaunchAsync(order => (order.ImageId, order.SubnetId) = (image, world.Defaults.SandboxSubnet));
        tester.HasAgent.Should().BeTrue();
        (
            await tester.AskAsync(
                """
                cat /kernel; ls /var/lib/amazon/ssm; ls -d /var/lib/cloud/instances/* 2>/dev/null
                # The agent may be there before the rest of the system.
                timeout 300 sh -c 'until systemctl is-active -q ssh; do sleep 1; done'
                systemctl is-active ssh || systemctl status ssh
                """
            )
        ).Should().Be($"kept\n{tester.Spec.InstanceId}\nactive");
        (await tester.AskAsync("curl -s --max-time 3 http://deb.debian.org/; echo $?; env | grep -c proxy; true"))
            .Should()
            .MatchRegex("^[67]\n0$");
        (await tester.AskAsync("curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/")).Should().Be("401");
        var identity = await tester.AskAsync(Identity);
        await world.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest([tester.Spec.InstanceId]), _ct);
        await VmWorld.UntilAsync(async () => await world.StateOfAsync(tester.Spec.InstanceId) == "terminated");
        Directory.EnumerateDirectories(world.Host.Folders.Full("machines"), tester.Spec.InstanceId + ".*").Should().BeEmpty();
        return identity;
    }

    /// <summary>A kernel of a higher version, as a patch would leave one: the same kernel with another initial file system.</summary>
    private static Task<string> PretendANewKernelAsync(VmGuest builder) =>
        builder.AskAsync(
            """
            set -e
            touch /run/gone; echo kept >/kernel
            version=$(uname -r)
            cp "/boot/vmlinuz-$version" /boot/vmlinuz-99.1-test
            mkdir -p /tmp/new/scripts/init-bottom
            cd /tmp/new
            printf '#!/bin/sh\ncase ${1:-} in prereqs) exit 0 ;; esac\necho the new one >/run/initial-file-system\n' >scripts/init-bottom/new
            chmod 755 scripts/init-bottom/new
            mkdir whole && (cd whole && unmkinitramfs "/boot/initrd.img-$version" . && if [ -d main ]; then mv main/* .; fi)
            cp scripts/init-bottom/new whole/scripts/init-bottom/new
            echo '/scripts/init-bottom/new "$@"' >>whole/scripts/init-bottom/ORDER
            (cd whole && find . | cpio --quiet -o -H newc) >/boot/initrd.img-99.1-test
            cd / && rm -rf /tmp/new && sync
            """
        );

    /// <summary>Runs the worker's seal, which must answer before it takes the agent down.</summary>
    private async Task SealAsync(VmGuest builder)
    {
        var off = new TaskCompletionSource();
        builder.PoweredOff += (_, _) => off.TrySetResult();
        // The sealing script of the worker is a file of the checkout: LocalCloud knows nothing of it.
        var seal = await File.ReadAllTextAsync(Checkout.File("src/BakeWorker.Core/Pipeline/Scripts/seal.sh"), _ct);
        await builder.AskAsync("rm -f /etc/bakeworker-release; systemctl is-active amazon-ssm-agent");
        (await builder.AskAsync(KeysUnit)).Should().BeEmpty();
        (await builder.AskAsync("#!/bin/sh\nexport SEAL_DELAY=2\n" + seal)).Should().Contain("\"armed\":true");
        await off.Task.WaitAsync(TimeSpan.FromMinutes(10), _ct);
    }

    /// <summary>As the cleanup step arranges it: the image makes its own keys, with nobody's help.</summary>
    private const string KeysUnit = """
        cat >/etc/systemd/system/bakeworker-keys.service <<'UNIT'
        [Unit]
        ConditionPathExistsGlob=!/etc/ssh/ssh_host_*_key
        Before=ssh.service
        [Service]
        Type=oneshot
        ExecStart=/usr/bin/ssh-keygen -A
        UNIT
        ln -sf ../bakeworker-keys.service /etc/systemd/system/multi-user.target.wants/bakeworker-keys.service
        """;

    private async Task<Image> ReadAsync(string image) =>
        (await world.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [image] }, _ct)).Images.Single();
}
