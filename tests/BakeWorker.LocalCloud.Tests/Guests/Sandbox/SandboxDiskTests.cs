using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

[Collection(SandboxTests.Name)]
public sealed class SandboxDiskTests(SandboxWorld world)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CapturedDisk_BootsWithWhatWasWritten_AndNothingOfTheSandbox()
    {
        await using var builder = await world.BootAsync();
        await builder.AskAsync(
            """
            mkdir /root/kept && echo baked >/root/kept/file && chown 1234:5678 /root/kept/file && chmod 4751 /root/kept/file
            ln /root/kept/file /root/kept/hard && ln -s file /root/kept/soft && mkfifo /root/kept/pipe
            echo here >/run/not-on-disk
            rm -r /usr/share/zoneinfo && mkdir /usr/share/zoneinfo && echo new >/usr/share/zoneinfo/only
            chmod 644 /etc/resolv.conf /etc/apt/apt.conf.d/* && : >/etc/machine-id
            """
        );
        await builder.PowerOffAsync(_ct);
        await builder.CaptureAsync("snap-0baked", _ct);

        await using var tester = await world.BootAsync(world.Spec("snap-0baked"));

        (await tester.AskAsync("cat /root/kept/soft; stat -c '%u:%g %a %h' /root/kept/hard; stat -c %F /root/kept/pipe"))
            .Should()
            .Be("baked\n1234:5678 4751 2\nfifo");
        (await tester.AskAsync("ls /run/not-on-disk 2>/dev/null; ls /usr/share/zoneinfo")).Should().Be("only");
        (await tester.AskAsync("cat /etc/machine-id")).Should().HaveLength(32).And.NotBe(await MachineIdAsync(builder));

        var files = await ListAsync(world.Host.FindDisk("snap-0baked")!);
        files.Should().Contain("./root/kept/file").And.Contain("./usr/bin/systemctl");
        files
            .Should()
            .NotContain("./etc/resolv.conf")
            .And.NotContain("./usr/sbin/policy-rc.d")
            .And.NotContain("./etc/apt/apt.conf.d/99host")
            .And.NotContain(file => file.StartsWith("./run/") && file.Length > 6)
            .And.NotContain(file => file.StartsWith("./dev/") && file.Length > 6);
        await world.Host.RemoveDiskAsync("snap-0baked", _ct);
        world.Host.FindDisk("snap-0baked").Should().BeNull();
    }

    [Fact]
    public async Task UserData_OnACapturedDisk_RunsAgainForTheNewInstance()
    {
        const string UserData = "#!/bin/sh\necho run >>/root/runs\n";
        await using var builder = await world.BootAsync(world.Spec() with { UserData = UserData + "# amazon-ssm-agent" });
        await builder.AskAsync("until [ -s /root/runs ]; do sleep 0.05; done");
        await builder.PowerOffAsync(_ct);
        await builder.CaptureAsync("snap-0data", _ct);

        await using var tester = await world.BootAsync(world.Spec("snap-0data") with { UserData = UserData });

        (await tester.AskAsync("until [ $(wc -l </root/runs) = 2 ]; do sleep 0.05; done; echo twice")).Should().Be("twice");
        tester.HasAgent.Should().BeTrue("the agent was installed in the guest that the disk was captured from");
    }

    [Fact]
    public async Task Packages_OfAGuestAndOfADisk_AreThoseOfItsDatabase()
    {
        await using var builder = await world.BootAsync();
        await builder.AskAsync("dpkg --purge --force-depends tzdata >/dev/null 2>&1");
        var running = await builder.ReadPackagesAsync(_ct);
        await builder.PowerOffAsync(_ct);
        await builder.CaptureAsync("snap-0packages", _ct);

        var captured = await world.Host.ReadPackagesAsync("snap-0packages", _ct);
        var based = await world.Host.ReadPackagesAsync(SandboxWorld.Debian, _ct);

        running!.Ecosystem.Should().Be("Debian:12");
        running
            .Packages.Should()
            .Contain(package => package.Name == "libc6" && package.Source == "glibc" && package.Architecture == "amd64");
        captured.Should().BeEquivalentTo(running);
        based!.Packages.Select(package => package.Name).Except(running.Packages.Select(package => package.Name)).Should().Equal("tzdata");
        (await world.Host.ReadPackagesAsync("snap-0nowhere", _ct)).Should().BeNull();
    }

    [Fact]
    public async Task CapturedDisk_LacksWhatWasRemoved_AndHasWhatTookItsPlace()
    {
        await using var builder = await world.BootAsync();
        await builder.AskAsync(
            "rm /etc/fstab && rm -r /etc/apt && mkdir /etc/apt && echo new >/etc/apt/only && ln -sfn /nowhere /etc/hosts"
        );
        await builder.PowerOffAsync(_ct);
        await builder.CaptureAsync("snap-0changed", _ct);

        await using var guest = await world.BootAsync(world.Spec("snap-0changed"));
        (await guest.AskAsync("ls -d /etc/fstab 2>/dev/null; find /etc/apt -type f ! -name '*host*'; readlink /etc/hosts"))
            .Should()
            .Be("/etc/apt/only\n/nowhere");
    }

    [Fact]
    public async Task DiskOfADisk_AndDiskOfABaseThatWasReplaced_AreWhatTheirArchivesSay()
    {
        const string Base = "catalogue:replaced-linux-1";
        await world.Host.CopyDiskAsync(SandboxWorld.Debian, "snap-0origin", _ct);
        await world.Host.ImportAsync("replaced-linux-1", world.Host.FindDisk("snap-0origin")!, _ct);
        await BakeAsync(Base, "snap-0one", "echo one >/root/one");
        await BakeAsync("snap-0one", "snap-0two", "echo two >/root/two");
        await BakeAsync(SandboxWorld.Debian, "snap-0other", "echo other >/root/other");
        await world.Host.ImportAsync("replaced-linux-1", world.Host.FindDisk("snap-0other")!, _ct);

        (await AskAsync("snap-0one")).Should().Be("one");
        (await AskAsync("snap-0two")).Should().Be("one two");
        (await AskAsync(Base)).Should().Be("other");

        async Task BakeAsync(string from, string to, string script)
        {
            await using var builder = await world.BootAsync(world.Spec(from));
            await builder.AskAsync(script);
            await builder.PowerOffAsync(_ct);
            await builder.CaptureAsync(to, _ct);
        }

        async Task<string> AskAsync(string disk)
        {
            await using var guest = await world.BootAsync(world.Spec(disk));
            return await guest.AskAsync("cd /root && echo $(ls)");
        }
    }

    [Fact]
    public async Task UnfinishedArchives_OfDeadProcessesAlone_AreRemovedByTheNextHost()
    {
        var disks = world.Host.Folders.Disks;
        var (dead, alive) = (Path.Combine(disks, ".snap-0dead.1.1"), Path.Combine(disks, ".snap-0alive.1.1"));
        foreach (var file in new[] { dead, alive, dead + ".lock", alive + ".lock" })
        {
            await File.WriteAllTextAsync(file, "", _ct);
        }

        using (new FileStream(alive + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await using var host = new SandboxGuestHost(world.Options, TimeProvider.System);
            await host.PrepareAsync(SandboxWorld.Debian, _ct);
        }

        Directory.EnumerateFiles(disks, ".snap-0*").Should().BeEquivalentTo(alive, alive + ".lock");
    }

    [Fact]
    public async Task CopiedDisk_OutlivesTheFirst()
    {
        await using var builder = await world.BootAsync();
        await builder.AskAsync("echo baked >/root/file");
        await builder.PowerOffAsync(_ct);
        await builder.CaptureAsync("snap-0first", _ct);

        await world.Host.CopyDiskAsync("snap-0first", "snap-0second", _ct);
        await world.Host.RemoveDiskAsync("snap-0first", _ct);

        await using var guest = await world.BootAsync(world.Spec("snap-0second"));
        (await guest.AskAsync("cat /root/file")).Should().Be("baked");
    }

    [Fact]
    public async Task ImportedArchive_IsABaseByItsName()
    {
        await world.Host.CopyDiskAsync(SandboxWorld.Debian, "snap-0export", _ct);
        await world.Host.ImportAsync("some-linux-3", world.Host.FindDisk("snap-0export")!, _ct);

        (await SandboxSupport.CheckAsync(world.Options, "catalogue:some-linux-3", _ct)).Should().BeNull();
        await using var guest = await world.BootAsync(world.Spec("catalogue:some-linux-3"));
        (await guest.AskAsync("apt-get -q update >/dev/null && echo updated")).Should().Be("updated");
    }

    [Fact]
    public async Task Guest_OnADiskThatIsNotThere_DoesNotBootAndSaysWhy()
    {
        await using var guest = world.Host.Create(world.Spec("catalogue:rhel-9"));

        await guest
            .Awaiting(it => it.BootAsync(_ct))
            .Should()
            .ThrowAsync<GuestBootException>()
            .WithMessage("There is no base disk for rhel-9; 'bakeworker local import rhel-9 FILE.tar'*");
    }

    [Fact]
    public async Task Guest_OfAHostThatIsKilled_DiesWithIt_AndTheNextHostTidiesUp()
    {
        _ = world.Host;
        using var other = OtherHost.Start(world.Options, "/etc/passwd");
        var processId = int.Parse((await other.StandardOutput.ReadLineAsync(_ct))!);
        using var guest = System.Diagnostics.Process.GetProcessById(processId);
        var instances = Path.Combine(SandboxWorld.Cache, "instances");
        Directory.GetDirectories(instances, "i-other*").Should().ContainSingle();

        Directory
            .GetFiles($"/proc/{processId}/fd")
            .Select(file => File.ResolveLinkTarget(file, false)?.FullName)
            .Should()
            .NotContain("/etc/passwd");

        other.Kill();

        await guest.WaitForExitAsync(_ct).WaitAsync(TimeSpan.FromSeconds(30), _ct);
        // Its locks end with its last descriptor, which may be after the guest's lifeline.
        await other.WaitForExitAsync(_ct).WaitAsync(TimeSpan.FromSeconds(30), _ct);
        await using var next = new SandboxGuestHost(world.Options, TimeProvider.System);
        await next.PrepareAsync(SandboxWorld.Debian, _ct);
        // A host of another test may be at it just now; then the end is that one's.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Directory.GetFileSystemEntries(instances, "i-other*").Length > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private async Task<string> MachineIdAsync(SandboxGuest guest)
    {
        await guest.BootAsync(_ct);
        return await guest.AskAsync("cat /etc/machine-id");
    }

    private async Task<IReadOnlyList<string>> ListAsync(string archive)
    {
        var start = new System.Diagnostics.ProcessStartInfo("tar", ["--list", "--file", archive])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var tar = System.Diagnostics.Process.Start(start)!;
        return (await tar.StandardOutput.ReadToEndAsync(_ct)).Split('\n');
    }
}
